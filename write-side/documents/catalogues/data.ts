import type { CatalogueData } from './data-format.js';

/** Made by scripts/catalogues/generate.mjs from the sources that it names. Do not edit: make it again. */
export const BUILT_IN_DATA: CatalogueData = {
  day: '2026-10-01',
  firstDay: '2022-01-01',
  sources: [
    'SAT catalogues by PyPI satcfdi 26.10.1 (MIT)',
    'SAT catalogues by npm @nodecfdi/sat-micro-catalogs 1.0.2 (MIT)',
  ],
  dated: {
    c_FormaPago: '01@2022-01-01 02@2022-01-01 03@2022-01-01 04@2022-01-01 05@2022-01-01 06@2022-01-01 08@2022-01-01 12@2022-01-01 13@2022-01-01 14@2022-01-01 15@2022-01-01 17@2022-01-01 23@2022-01-01 24@2022-01-01 25@2022-01-01 26@2022-01-01 27@2022-01-01 '
      + '28@2022-01-01 29@2022-01-01 30@2022-01-01 31@2022-01-01 99@2022-01-01',
    c_MetodoPago: 'PUE@2022-01-01 PPD@2022-01-01',
    c_TipoDeComprobante: 'I@2022-01-01 E@2022-01-01 T@2022-01-01 N P@2022-01-01',
    c_Exportacion: '01@2022-01-01 02@2022-01-01 03@2022-01-01 04@2022-02-25',
    c_Periodicidad: '01@2022-01-01 02@2022-01-01 03@2022-01-01 04@2022-01-01 05@2022-01-01',
    c_Meses: '01@2022-01-01 02@2022-01-01 03@2022-01-01 04@2022-01-01 05@2022-01-01 06@2022-01-01 07@2022-01-01 08@2022-01-01 09@2022-01-01 10@2022-01-01 11@2022-01-01 12@2022-01-01 13@2022-01-01 14@2022-01-01 15@2022-01-01 16@2022-01-01 17@2022-01-01 '
      + '18@2022-01-01',
    c_TipoRelacion: '01@2022-01-01 02@2022-01-01 03@2022-01-01 04@2022-01-01 05@2022-01-01 06@2022-01-01 07@2022-01-01',
    c_RegimenFiscal: '601@2022-01-01 603@2022-01-01 605@2022-01-01 606@2022-01-01 607@2022-01-01 608@2022-01-01 610@2022-01-01 611@2022-01-01 612@2022-01-01 614@2022-01-01 615@2022-01-01 616@2022-01-01 620@2022-01-01 621@2022-01-01 622@2022-01-01 623@2022-01-01 '
      + '624@2022-01-01 625@2022-01-01 626@2022-01-01',
    c_UsoCFDI: 'G01@2022-01-01 G02@2022-01-01 G03@2022-01-01 I01@2022-01-01 I02@2022-01-01 I03@2022-01-01 I04@2022-01-01 I05@2022-01-01 I06@2022-01-01 I07@2022-01-01 I08@2022-01-01 D01@2022-01-01 D02@2022-01-01 D03@2022-01-01 D04@2022-01-01 D05@2022-01-01 '
      + 'D06@2022-01-01 D07@2022-01-01 D08@2022-01-01 D09@2022-01-01 D10@2022-01-01 S01@2022-01-01 CP01@2022-01-01 CN01@2022-01-01',
    c_ObjetoImp: '01@2022-01-01 02@2022-01-01 03@2022-01-01 04@2022-10-07 05@2023-12-06 06@2024-12-13 07@2024-12-13 08@2024-12-13',
    c_Impuesto: '001@2022-01-01 002@2022-01-01 003@2022-01-01',
    c_TipoFactor: 'Tasa@2022-01-01 Cuota@2022-01-01 Exento@2022-01-01',
    c_Aduana: '01@2022-01-01 02@2022-01-01 05@2022-01-01 06@2022-01-01 07@2022-01-01 08@2022-01-01 11@2022-01-01 12@2022-01-01 14@2022-01-01 16@2022-01-01 17@2022-01-01 18@2022-01-01 19@2022-01-01 20@2022-01-01 22@2022-01-01 23@2022-01-01 24@2022-01-01 '
      + '25@2022-01-01 26@2022-01-01 27@2022-01-01 28@2022-01-01 30@2022-01-01 31@2022-01-01 33@2022-01-01 34@2022-01-01 37@2022-01-01 38@2022-01-01 39@2022-01-01 40@2022-01-01 42@2022-01-01 43@2022-01-01 44@2022-01-01 46@2022-01-01 47@2022-01-01 '
      + '48@2022-01-01 50@2022-01-01 51@2022-01-01 52@2022-01-01 53@2022-01-01 64@2022-01-01 65@2022-01-01 67@2022-01-01 73@2022-01-01 75@2022-01-01 80@2022-01-01 81@2022-01-01 82@2022-01-01 83@2022-01-01 84@2022-01-01 85@2023-01-13',
    c_Moneda: 'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYR BZD CAD CDF CHE CHF CHW CLF CLP CNH CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ESD ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ '
      + 'GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRO MUR MVR MWK MXN MXV MYR MZN NAD NGN NIC NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG '
      + 'QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLL SOS SRD SSP STD SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYP UYU UZS VEF VES VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD XDR XOF XPD XPF XPT XSU XTS XUA XXX YER '
      + 'ZAR ZMW ZWL',
    c_Pais: 'ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP CZE DEU '
      + 'DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM '
      + 'KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL '
      + 'PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB '
      + 'VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE ZZZ',
    c_ClaveUnidad: '05 06 08 10 11 13 14 15 16 17 18 19 1A 1B 1C 1D 1E 1F 1G 1H 1I 1J 1K 1L 1M 1X 20 21 22 23 24 25 26 27 28 29 2A 2B 2C 2G 2H 2I 2J 2K 2L 2M 2N 2P 2Q 2R 2U 2V 2X 2Y 2Z 30 31 32 33 34 35 36 37 38 3B 3C 3E 3G 3H 3I 40 41 44 45 46 47 48 4B 4C 4E '
      + '4G 4H 4K 4L 4M 4N 4O 4P 4Q 4R 4T 4U 4W 4X 53 54 56 57 58 59 5A 5B 5C 5E 5F 5G 5H 5I 5J 5K 5P 5Q 60 61 62 63 64 66 69 71 72 73 74 76 77 78 80 81 84 85 87 89 90 91 92 93 94 95 96 97 98 A1 A10 A11 A12 A13 A14 A15 A16 A17 A18 A19 A2 A20 A21 A22 '
      + 'A23 A24 A25 A26 A27 A28 A29 A3 A30 A31 A32 A33 A34 A35 A36 A37 A38 A39 A4 A40 A41 A42 A43 A44 A45 A47 A48 A49 A5 A50 A51 A52 A53 A54 A55 A56 A57 A58 A59 A6 A60 A61 A62 A63 A64 A65 A66 A67 A68 A69 A7 A70 A71 A73 A74 A75 A76 A77 A78 A79 A8 '
      + 'A80 A81 A82 A83 A84 A85 A86 A87 A88 A89 A9 A90 A91 A93 A94 A95 A96 A97 A98 A99 AA AB ACR ACT AD AE AH AI AJ AK AL AMH AMP ANN AP APZ AQ AR ARE AS ASM ASU ATM ATT AW AWG AY AZ B0 B1 B10 B11 B12 B13 B14 B15 B16 B17 B18 B19 B2 B20 B21 B22 B23 '
      + 'B24 B25 B26 B27 B28 B29 B3 B30 B31 B32 B33 B34 B35 B36 B37 B38 B39 B4 B40 B41 B42 B43 B44 B45 B46 B47 B48 B49 B5 B50 B51 B52 B53 B54 B55 B56 B57 B58 B59 B6 B60 B61 B62 B63 B64 B65 B66 B67 B68 B69 B7 B70 B71 B72 B73 B74 B75 B76 B77 B78 B79 '
      + 'B8 B80 B81 B82 B83 B84 B85 B86 B87 B88 B89 B9 B90 B91 B92 B93 B94 B95 B96 B97 B98 B99 BAR BB BFT BH BHP BIL BLD BLL BP BPM BQL BTU BUA BUI BW BZ C0 C1 C10 C11 C12 C13 C14 C15 C16 C17 C18 C19 C2 C20 C21 C22 C23 C24 C25 C26 C27 C28 C29 C3 C30 '
      + 'C31 C32 C33 C34 C35 C36 C37 C38 C39 C4 C40 C41 C42 C43 C44 C45 C46 C47 C48 C49 C5 C50 C51 C52 C53 C54 C55 C56 C57 C58 C59 C6 C60 C61 C62 C63 C64 C65 C66 C67 C68 C69 C7 C70 C71 C72 C73 C74 C75 C76 C77 C78 C79 C8 C80 C81 C82 C83 C84 C85 C86 '
      + 'C87 C88 C89 C9 C90 C91 C92 C93 C94 C95 C96 C97 C98 C99 CCT CDL CE CEL CEN CG CGM CK CKG CLF CLT CMK CMQ CMT CNP CNT COU CTG CTM CTN CUR CWA CWI CZ D03 D04 D1 D10 D11 D12 D13 D14 D15 D16 D17 D18 D19 D2 D20 D21 D22 D23 D24 D25 D26 D27 D28 D29 '
      + 'D30 D31 D32 D33 D34 D35 D36 D37 D38 D39 D40 D41 D42 D43 D44 D45 D46 D47 D48 D49 D5 D50 D51 D52 D53 D54 D55 D56 D57 D58 D59 D6 D60 D61 D62 D63 D64 D65 D66 D67 D68 D69 D7 D70 D71 D72 D73 D74 D75 D76 D77 D78 D79 D8 D80 D81 D82 D83 D85 D86 D87 '
      + 'D88 D89 D9 D90 D91 D92 D93 D94 D95 D96 D98 D99 DAA DAD DAY DB DC DD DE DEC DG DI DJ DLT DMA DMK DMO DMQ DMT DN DPC DPR DPT DQ DRA DRI DRL DRM DS DT DTN DU DWT DX DY DZN DZP Dx E01 E07 E08 E09 E10 E11 E12 E14 E15 E16 E17 E18 E19 E20 E21 E22 '
      + 'E23 E25 E27 E28 E3 E30 E31 E32 E33 E34 E35 E36 E37 E38 E39 E4 E40 E41 E42 E43 E44 E45 E46 E47 E48 E49 E5 E50 E51 E52 E53 E54 E55 E56 E57 E58 E59 E60 E61 E62 E63 E64 E65 E66 E67 E68 E69 E70 E71 E72 E73 E74 E75 E76 E77 E78 E79 E80 E81 E82 E83 '
      + 'E84 E85 E86 E87 E88 E89 E90 E91 E92 E93 E94 E95 E96 E97 E98 E99 EA EB EP EQ F01 F02 F03 F04 F05 F06 F07 F08 F1 F10 F11 F12 F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24 F25 F26 F27 F28 F29 F30 F31 F32 F33 F34 F35 F36 F37 F38 F39 F40 F41 '
      + 'F42 F43 F44 F45 F46 F47 F48 F49 F50 F51 F52 F53 F54 F55 F56 F57 F58 F59 F60 F61 F62 F63 F64 F65 F66 F67 F68 F69 F70 F71 F72 F73 F74 F75 F76 F77 F78 F79 F80 F81 F82 F83 F84 F85 F86 F87 F88 F89 F9 F90 F91 F92 F93 F94 F95 F96 F97 F98 F99 FAH '
      + 'FAR FB FBM FC FD FE FF FG FH FIT FL FM FOT FP FR FS FTK FTQ G01 G04 G05 G06 G08 G09 G10 G11 G12 G13 G14 G15 G16 G17 G18 G19 G2 G20 G21 G23 G24 G25 G26 G27 G28 G29 G3 G30 G31 G32 G33 G34 G35 G36 G37 G38 G39 G40 G41 G42 G43 G44 G45 G46 G47 '
      + 'G48 G49 G50 G51 G52 G53 G54 G55 G56 G57 G58 G59 G60 G61 G62 G63 G64 G65 G66 G67 G68 G69 G7 G70 G71 G72 G73 G74 G75 G76 G77 G78 G79 G80 G81 G82 G83 G84 G85 G86 G87 G88 G89 G90 G91 G92 G93 G94 G95 G96 G97 G98 G99 GB GBQ GC GDW GE GF GFI GGR '
      + 'GH GIA GIC GII GIP GJ GK GL GLD GLI GLL GM GN GO GP GQ GRM GRN GRO GT GV GW GWH GY GZ Gd H03 H04 H05 H06 H07 H08 H09 H1 H10 H11 H12 H13 H14 H15 H16 H18 H19 H2 H20 H21 H22 H23 H24 H25 H26 H27 H28 H29 H30 H31 H32 H33 H34 H35 H36 H37 H38 H39 '
      + 'H40 H41 H42 H43 H44 H45 H46 H47 H48 H49 H50 H51 H52 H53 H54 H55 H56 H57 H58 H59 H60 H61 H62 H63 H64 H65 H66 H67 H68 H69 H70 H71 H72 H73 H74 H75 H76 H77 H78 H79 H80 H81 H82 H83 H84 H85 H87 H88 H89 H90 H91 H92 H93 H94 H95 H96 H98 H99 HA HAR '
      + 'HBA HBX HC HD HDW HE HEA HF HGM HH HI HIU HJ HK HKM HL HLT HM HMQ HMT HN HO HP HPA HS HT HTZ HUR HY IA IC IE IF II IM INH INK INQ IP ISD IT IU IV J10 J12 J13 J14 J15 J16 J17 J18 J19 J2 J20 J21 J22 J23 J24 J25 J26 J27 J28 J29 J30 J31 J32 J33 '
      + 'J34 J35 J36 J38 J39 J40 J41 J42 J43 J44 J45 J46 J47 J48 J49 J50 J51 J52 J53 J54 J55 J56 J57 J58 J59 J60 J61 J62 J63 J64 J65 J66 J67 J68 J69 J70 J71 J72 J73 J74 J75 J76 J78 J79 J81 J82 J83 J84 J85 J87 J89 J90 J91 J92 J93 J94 J95 J96 J97 J98 '
      + 'J99 JB JE JK JM JNT JOU JPS JWL Jo K1 K10 K11 K12 K13 K14 K15 K16 K17 K18 K19 K2 K20 K21 K22 K23 K24 K25 K26 K27 K28 K3 K30 K31 K32 K33 K34 K35 K36 K37 K38 K39 K40 K41 K42 K43 K45 K46 K47 K48 K49 K5 K50 K51 K52 K53 K54 K55 K58 K59 K6 K60 '
      + 'K61 K62 K63 K64 K65 K66 K67 K68 K69 K70 K71 K73 K74 K75 K76 K77 K78 K79 K80 K81 K82 K83 K84 K85 K86 K87 K88 K89 K90 K91 K92 K93 K94 K95 K96 K97 K98 K99 KA KAT KB KBA KCC KD KDW KEL KF KGM KGS KHY KHZ KI KIC KIP KJ KJO KL KLK KLX KMA KMH KMK '
      + 'KMQ KMT KNI KNM KNS KNT KO KPA KPH KPO KPP KR KS KSD KSH KT KTN KUR KVA KVR KVT KW KWH KWN KWO KWS KWT KX L10 L11 L12 L13 L14 L15 L16 L17 L18 L19 L2 L20 L21 L23 L24 L25 L26 L27 L28 L29 L30 L31 L32 L33 L34 L35 L36 L37 L38 L39 L40 L41 L42 L43 '
      + 'L44 L45 L46 L47 L48 L49 L50 L51 L52 L53 L54 L55 L56 L57 L58 L59 L60 L61 L62 L63 L64 L65 L66 L67 L68 L69 L70 L71 L72 L73 L74 L75 L76 L77 L78 L79 L80 L81 L82 L83 L84 L85 L86 L87 L88 L89 L90 L91 L92 L93 L94 L95 L96 L98 L99 LA LAC LBR LBT LC LD '
      + 'LE LEF LF LH LI LJ LK LM LN LO LP LPA LR LS LTN LTR LUB LUM LUX LX LY M0 M1 M10 M11 M12 M13 M14 M15 M16 M17 M18 M19 M20 M21 M22 M23 M24 M25 M26 M27 M29 M30 M31 M32 M33 M34 M35 M36 M37 M38 M39 M4 M40 M41 M42 M43 M44 M45 M46 M47 M48 M49 M5 '
      + 'M50 M51 M52 M53 M55 M56 M57 M58 M59 M60 M61 M62 M63 M64 M65 M66 M67 M68 M69 M7 M70 M71 M72 M73 M74 M75 M76 M77 M78 M79 M80 M81 M82 M83 M84 M85 M86 M87 M88 M89 M9 M90 M91 M92 M93 M94 M95 M96 M97 M98 M99 MA MAH MAL MAM MAR MAW MBE MBF MBR MC '
      + 'MCU MD MF MGM MHZ MIK MIL MIN MIO MIU MK MLD MLT MMK MMQ MMT MND MON MPA MQ MQH MQS MSK MTK MTQ MTR MTS MV MVA MWH N1 N10 N11 N12 N13 N14 N15 N16 N17 N18 N19 N2 N20 N21 N22 N23 N24 N25 N26 N27 N28 N29 N3 N30 N31 N32 N33 N34 N35 N36 N37 N38 '
      + 'N39 N40 N41 N42 N43 N44 N45 N46 N47 N48 N49 N50 N51 N52 N53 N54 N55 N56 N57 N58 N59 N60 N61 N62 N63 N64 N65 N66 N67 N68 N69 N70 N71 N72 N73 N74 N75 N76 N77 N78 N79 N80 N81 N82 N83 N84 N85 N86 N87 N88 N89 N90 N91 N92 N93 N94 N95 N96 N97 N98 '
      + 'N99 NA NAR NB NBB NC NCL ND NE NEW NF NG NH NI NIL NIU NJ NL NM3 NMI NMP NN NPR NPT NQ NR NT NTT NV NX NY OA ODE ON ONZ OP OPM OT OZ OZA OZI Ohm P0 P1 P10 P11 P12 P13 P14 P15 P16 P17 P18 P19 P2 P20 P21 P22 P23 P24 P25 P26 P27 P28 P29 P3 P30 '
      + 'P31 P32 P33 P34 P35 P36 P37 P38 P39 P4 P40 P41 P42 P43 P44 P45 P46 P47 P48 P49 P5 P50 P51 P52 P53 P54 P55 P56 P57 P58 P59 P6 P60 P61 P62 P63 P64 P65 P66 P67 P68 P69 P7 P70 P71 P72 P73 P74 P75 P76 P77 P78 P79 P8 P80 P81 P82 P83 P84 P85 P86 '
      + 'P87 P88 P89 P9 P90 P91 P92 P93 P94 P95 P96 P97 P98 P99 PAL PB PD PE PFL PGL PI PLA PM PO PQ PR PS PT PTD PTI PTL PTN PV PW PY PZ Q10 Q11 Q12 Q13 Q14 Q15 Q16 Q17 Q18 Q19 Q20 Q21 Q22 Q23 Q24 Q25 Q26 Q27 Q28 Q29 Q3 Q30 Q31 Q32 Q33 Q34 Q35 Q36 '
      + 'Q37 Q38 Q39 Q40 Q41 Q42 QA QAN QB QD QH QK QR QT QTD QTI QTL QTR R1 R9 RH RK RM RN ROM RP RPM RPS RS RT RU S3 S4 S5 S6 S7 S8 SAN SCO SCR SD SE SEC SET SG SHT SIE SK SM3 SMI SN SQ SQR SR SS SST STC STI STK STL STN STW SW SX SYR T0 T1 T3 T4 '
      + 'T5 T6 T7 T8 TA TAB TAH TAN TC TD TE TF TI TIC TIP TJ TKM TL TMS TNE TP TPI TPR TQ TQD TR TRL TSD TSH TST TT TTS TV TW Ts Tu U1 U2 UA UB UC UD UE UF UH UM UN VA VLT VP VS W2 W4 WA WB WCD WE WEB WEE WG WH WHR WI WM WR WSD WTT WW X1 X1A X1B '
      + 'X1D X1F X1G X1w X2C X3A X3H X43 X44 X4A X4B X4C X4D X4F X4G X4H X5H X5L X5M X6H X6P X7A X7B X8A X8B X8C XAA XAB XAC XAD XAE XAF XAG XAH XAI XAJ XAL XAM XAP XAT XAV XB4 XBA XBB XBC XBD XBE XBF XBG XBH XBI XBJ XBK XBL XBM XBN XBO XBP XBQ XBR '
      + 'XBS XBT XBU XBV XBW XBX XBY XBZ XCA XCB XCC XCD XCE XCF XCG XCH XCI XCJ XCK XCL XCM XCN XCO XCP XCQ XCR XCS XCT XCU XCV XCW XCX XCY XCZ XDA XDB XDC XDG XDH XDI XDJ XDK XDL XDM XDN XDP XDR XDS XDT XDU XDV XDW XDX XDY XEC XED XEE XEF XEG XEH '
      + 'XEI XEN XFB XFC XFD XFE XFI XFL XFO XFP XFR XFT XFW XFX XGB XGI XGL XGR XGU XGY XGZ XHA XHB XHC XHG XHN XHR XIA XIB XIC XID XIE XIF XIG XIH XIK XIL XIN XIZ XJB XJC XJG XJR XJT XJY XKG XKI XLE XLG XLT XLU XLV XLZ XMA XMB XMC XME XMR XMS XMT '
      + 'XMW XMX XNA XNE XNF XNG XNS XNT XNU XNV XOA XOB XOC XOD XOE XOF XOK XOT XP2 XPA XPB XPC XPD XPE XPF XPG XPH XPI XPJ XPK XPL XPN XPO XPR XPT XPU XPV XPX XPY XPZ XQA XQB XQC XQD XQF XQG XQH XQJ XQK XQL XQM XQN XQP XQQ XQR XQS XRD XRG XRJ XRK '
      + 'XRL XRO XRT XRZ XSA XSB XSC XSD XSE XSH XSI XSK XSL XSM XSO XSP XSS XSU XSV XSW XSY XSZ XT1 XTB XTC XTD XTG XTI XTK XTL XTN XTO XTR XTS XTT XTU XTV XTW XTY XTZ XUC XUN XVA XVG XVI XVK XVL XVN XVO XVP XVQ XVR XVS XVY XWA XWB XWC XWD XWF XWG '
      + 'XWH XWJ XWK XWL XWM XWN XWP XWQ XWR XWS XWT XWU XWV XWW XWX XWY XWZ XXA XXB XXC XXD XXF XXG XXH XXJ XXK XYA XYB XYC XYD XYF XYG XYH XYJ XYK XYL XYM XYN XYP XYQ XYR XYS XYT XYW XYX XYY XYZ XZA XZB XZC XZD XZF XZG XZH XZJ XZK XZL XZM XZN XZP '
      + 'XZQ XZR XZS XZT XZU XZV XZW XZX XZY Xyv YDK YDQ YL YRD YT Z1 Z11 Z5 Z6 Z8 ZP ZZ',
  },
  numbered: {
    c_ClaveProdServ: {
      digits: 8,
      ranges: 'lned 5euyv:2 2:d 2b:5 2n:5 2n:9 2j:4 2o:2 2q 73k:7 7v5:7 2l:4 2o:3 2p:6 2m:1 2r:3 2p:4 790 6:2 2k:4 2o:2 7k6:5 2n:b 7mp:13 1p:d 2f:6 2m:h 2b:7 2l:7 2l:4 2o:2 2q 2s 70s:u 1y 2 2:2 5e:5 2n:3 2:3 7eg:6 2m:b 2h:2 2q:2 f76 6:5 59:1 2:4 7k1:n '
        + '25:a 2i:1a 1i:d 2f:1q 12:11 1r:2e e:15 1n:2l 7:28 k:a 2i:w 1w:2a i:2g 6n8:j 29:j 29:y 1u:5 2n:a 2i:b 2h:4 2o:j 29:5 2n:5 2n:5 2n:1h 43:d 2f:6 2m:a 2i:d 2f:8 2k:5 2n:5 2n:a 2i:e 2e:9 2j:8 2k:t 1z:6 2m:e 2e:6 2m:5 2n:6 2m:7 2l:j 29:c 2g:t '
        + '1z:j 29:7 2l:6 2m:6 2m:6 2m:2c g:6 2m:d 2f:5 2n:8 5c:5 2n:5 2n:i 2a:2 4 5 4 7 3:1 6 1w:d 2f:7 2l:4 2o:9 2j:8 2k:a 2i:6 2m:8 2k:8 2k:1j 19:o 24:a 2i:6 2m:8 2k:r 21:20 s:r 21:m 26:k 28:1e 2fi:2 2q:2 2q:4 2o:2 2q:2 2q:3 2p:2 2q:3 2p:2 2q:2 '
        + '2q:2 2q:3 2p:3 2p:3 2p:2 2q:3 2p:3 2p:2 2q:2 2q:3 2p:4 2o:2 2q:2 2q:4 2o:2 2q:2 2q:2 2q:2 2q:3 2p:2 2q:2 2q:2 2q:3 2p:4 2o:2 2q:4 2o:4 2o:2 2q:3 2p:4 2o:3 2p:2 2q:1 2r:4 2o:4 2o:2a 2:2 e:2 2q:4 2o:3 2p:2 2q:2 2q:3 2p:4 3p8:d 2f:1b 1h:e 2e:c '
        + '2g:q 22:a 2:1j x:w 788:k 28:e 7mm:5 2n:5 2n:2 2q:6 2m:5 2n:1t 2 x:c 2g:d 2f:2 2q:6 11vq:n 25:a 2i:1a 1i:d 2f:1q 12:11 1r:2e e:15 1n:2l 7:28 k:a 2i:w 1w:2a i:2g 6n8:j 29:j 29:y 1u:5 2n:a 2i:b 2h:4 2o:j 29:5 2n:5 2n:5 2n:1h 43:d 2f:6 2m:a '
        + '2i:d 2f:8 2k:5 2n:5 2n:a 2i:e 2e:9 2j:8 2k:t 1z:6 2m:e 2e:6 2m:5 2n:6 2m:7 2l:j 29:c 2g:t 1z:j 29:7 2l:6 2m:6 2m:6 2m:2c g:6 2m:d 2f:5 2n:8 5c:5 2n:5 2n:i 2a:2 4 5 4 7 3:1 6 1w:d 2f:7 2l:4 2o:9 2j:8 2k:a 2i:6 2m:8 2k:8 2k:1j 19:o 24:a 2i:6 '
        + '2m:8 2k:r 21:20 s:r 21:m 26:k 28:1e 2fi:2 2q:2 2q:4 2o:2 2q:2 2q:3 2p:2 2q:3 2p:2 2q:2 2q:2 2q:3 2p:3 2p:3 2p:2 2q:3 2p:3 2p:2 2q:2 2q:3 2p:4 2o:2 2q:2 2q:4 2o:2 2q:2 2q:2 2q:2 2q:3 2p:2 2q:2 2q:2 2q:3 2p:4 2o:2 2q:4 2o:4 2o:2 2q:3 2p:4 '
        + '2o:3 2p:2 2q:1 2r:4 2o:4 2o:2a 2:2 e:2 2q:4 2o:3 2p:2 2q:2 2q:3 2p:4 3p8:d 2f:1b 1h:e 2e:c 2g:q 22:a 2:1j x:w 788:1 2r:1 2r:1 2r:1 2r:1 2r:1 2r:1 2r:1 76b:k 28:e 7mm:5 2n:5 2n:2 2q:6 2m:5 2n:1t 2 x:c 2g:d 2f:2 2q:6 u5y:n 25:a 2i:1a 1i:d '
        + '2f:1q 12:11 1r:2e e:15 1n:2l 7:28 k:a 2i:w 1w:2a i:2g 6n8:j 29:j 29:y 1u:5 2n:a 2i:b 2h:4 2o:j 29:5 2n:5 2n:5 2n:1h 43:d 2f:6 2m:a 2i:d 2f:8 2k:5 2n:5 2n:a 2i:e 2e:9 2j:8 2k:t 1z:6 2m:e 2e:6 2m:5 2n:6 2m:7 2l:j 29:c 2g:t 1z:j 29:7 2l:6 2m:6 '
        + '2m:6 2m:2c g:6 2m:d 2f:5 2n:8 5c:5 2n:5 2n:i 2a:2 4 5 4 7 3:1 6 1w:d 2f:7 2l:4 2o:9 2j:8 2k:a 2i:6 2m:8 2k:8 2k:1j 19:o 24:a 2i:6 2m:8 2k:r 21:20 s:r 21:m 26:k 28:1e 2fi:2 2q:2 2q:4 2o:2 2q:2 2q:3 2p:2 2q:3 2p:2 2q:2 2q:2 2q:3 2p:3 2p:3 '
        + '2p:2 2q:3 2p:3 2p:2 2q:2 2q:3 2p:4 2o:2 2q:2 2q:4 2o:2 2q:2 2q:2 2q:2 2q:3 2p:2 2q:2 2q:2 2q:3 2p:4 2o:2 2q:4 2o:4 2o:2 2q:3 2p:4 2o:3 2p:2 2q:1 2r:4 2o:4 2o:2a 2:2 e:2 2q:4 2o:3 2p:2 2q:2 2q:3 2p:4 3p8:d 2f:1b 1h:e 2e:c 2g:q 22:a 2:1j x:w '
        + '788:k 28:e 7mm:5 2n:5 2n:2 2q:6 2m:5 2n:1t 2 x:c 2g:d 2f:2 2q:6 11vq:3 2p:4 2o:3 2p:d 2f:8 2k:h 2b:p 23:2 2q:5 2n:2 2q:2 2q:1 2r:3 2p:5 2n:1n ctu5:y 1u:p 23:2 2:2 2:6 2:3 29:3 2p:8 7eg:5 2n:d 2f:1 2r:c 7h4 2:1 2p 3:5 2 2 2:6 28:3 2:5 2i:a '
        + '2i:1 2r:6 7bq:8 2k:8 7pk:a 2i:2 7k6:j 29:c 2g:6 2:8 7js:4 2o:4 2o:5 2n:7 5d:3 2p:2 2:1 2:q 1v:2 2q:b 2h:2 70q:1 2r:4 2o:2 2q:1 2r:1 2r:3 2p:1 2r:1 2r:4 73g:8 7pk:5 2n:b 2h:2 2q:3 k52p:9 2j:5 2n:9 2j:6 7ha:6 2m:h 2b:1o 14:6 2m:g 2c:6 2m:a '
        + '2i:8 evw:7 2l:6 2m:6 2m:9 2j:d 2f 2:4 2m:1 2r:c 2g:5 2n:2 2q:3 2p:2 2q:2 2q:2 2q:3 2p:1 2r:2 2q:1 2r:1 2r:1 2r:1 2r:2 2q:1 2r:2 2q:2 2q:1 2r:2 2q:1 2r:3 2p:1 2r:9 2j:6 2m:1 2r:3 2p:5 2n:1 2r:4 4xo:b 2h 2:j 27:3 7k5:4 2o:2 7my:4 2o:2 3fri:3 '
        + '2 2n:8 3:a 2:a 2:2 1r:c 2g:l 27:2 2q:3 2p g1us:5 2n:8 2k:p 4v 2:4 2m:3 2:1 2 2:4 2:6 2:8 6x4:2a i:3 2p:k 28:8 l81c:1 7pr:g 2:2 3:k 1l:1 3:7 2:5 2a:6 2m:s 7go:7 2l:5 2n:3 2p:c 2g:5 5f:7 2l:2 kzmq 2:d 2d:e 2e:2 2q:1 7hf:c 58:2 7k6:5 3:m 7i:7 '
        + '2l:5 7ej 2:4 2m:1 2yisr:6 2m:3 e:4 27:g 2c:5 5 2i:3 2p:8 2k:6 2m:3 2p:7 73d 4:1 2n:4 2:h 25:f 75x:g 2c:g 2:c 1y:d 2f:q 22:p 2:o 1d:b 2:b 24:d 2f:s 20:d 2f:n 25:6 2m:f 2d:g 2c:10 2:g 2:h r:a 2i:g 2 2a:n 25:a 2i:4 2:17 2 1d:3 2p:4 2o:2 2q:3 '
        + '2p:4 5xs:a 2i:6 2m:2 2q:8 7h8:8 3:7 2a:1 2r:1 2r:3 2p:1 2r:2 2q:1 2r:5 2n:1 2r:1 2r:1 2r:1 2r:1 2r:1 2r:7 2l:1 2r:1 2r:a 2i:1 2r:5 2n:5 87:3 kjcl:9 2:3 2:7 25:c 2g:c 2g:9 2j:f 2d:8 2k:2 2q:7 2l:6 2m:4 70o:4 2:2 2k:2 l7t6:2 2:1 2:2 2 2:1 2 '
        + '2:k 1q 2:t 1x:o 24:4 2o:8 2k:2 lf7u:m 3 3:a 7oq:7 2l:6 7mu:k 28:g 7mk:f 2d:4 2o:4 7mw:8 2k:4 7k4:4 2:e 28:4 2:4 2i:5 2n:e 2:3 2:4 23:b 2h:2 2q:d 2f:6 ja:a 2i:13 1p:3 q:g 1j:7 5d:l 27:8 2k:8 2k:2 2q:2 5xu:3 3:1 3 4 2:1 2b:3 2:3 2k:2 f9y:2 '
        + '2:e 2a:6 2m:5 2n:6 73e:6 2m:2 2q:2 7k6:8 2k:2 2q:4 7k4:3 2p:6 7mu:2 2q:2 2q:1 7k7:2 2q:2 2q:2 2q:2 2q:2 2q:2 2q:2 2q:1 2r:1 2r:3 2p:1 2r:1 2r:1 73j:b 2h:b 2h:3 2:1 2:13 1h:3 2p:9 2j:6 5e:k 28:8 2k:8 2k:3 2p:b 2h:f 2d:2 6se:9 2j:3 2p:e 2e:e '
        + '2e:1 7en:7 7mt:o 24:2 2q:7 2l:i 2a:l 7gv:4 2o:3 2p:4 2o:2 2q:5 7ej:4 2o:1 2r:4 2o:4 2o:2 7em:1 h5a7:h 2b:6 2:1i 12:j 2:t 1e:9 2j:8 2k:2 2:7 2h:9 2j:4 4:2 2i:2 73i:3 2:9 7y:i 52 3:4 2l:2 6:4 2g 4:5 5b:4 2:3 2:4 2d:5 2n:2 2q:2 2q:5 2n:2 2q:3 '
        + '6k1 2:2 2:7 7z:8 5c:6 7bq:e 2e:a 82:3 7el:2 2 2:2 2:a 28:8 2k:a kkku:9 2j:2 2 5:4 2f:3 2p:4 2o:12 1q:3 2p:6 78y:z 1t:3 2p:q 22:8 2k:14 7dk:4 2o:5 2n:h 7jr:9 2j:5 2n:9 2j:2 2q 2:4 2m:5 f1j:2 5i:9 7jz:a 7pi 2:6 2k 2:1 2p 2:n 4v:3 2:1 2m:5 2 '
        + '2:5 2e:1 3:2 2:n 1x:1 2:2 2n:1 2:2 2n 4:7 2h 2:a 2g:b 2h 2:9 2h 2:1 2p:1 2:5 2k:1 2:5 2k 7:1 5c 3:1 b0:8 2k:d 2:6 27:3 2p:6 2m:7 2l:h 53:l 4z:5 2n:5 2n:a 2i:3 2p:3 539:c 2g:j 7jp:p 23:5 2n:17 1l:12 7ge:m 26:6 2m:a 2i:2 2q:4 2o:4 2o:5 2n:7 '
        + '2l:2 2q:6 2m:a 2i:7 2l:2 j97i:3 2:c 2b:c 2g:4 2 3:4 2f:6 2:7 2d:f 55:d 2:6 2:f 2:3 4:4 3:x 35 3:2 7ej 3:3 2:2 2:d 2:m 1f:d 2f:t 1z:g 2c:5 2:a 2b:4 2o:5 78z:1 4 2:3 4:1 2 2:5 8:2 2 2:a 1g:4 2:i 4:12 y:4 2:5 2h 2:1e 7g0:a 2i:i 2a:2 2q:4 3:1 '
        + '3:3 7ju:3 2p:4 2o:9 2j:2 2:7 2h:7 2l:1 5 2 9 2b:2 2q 2:2 2:2 2:2 2g:8 krr8:r 2:x 12:5 2:g 25:i 2:1b x:4 2:1 2:k 1z:1 2:17 2:a 16:1b 1h:h 2:17 12:3 2:8 2:h 1w:d 2f:a 2i:8 2k:4 2o:1e 1e 2:d 3:t 1h:g 2c:5 2n:5 2n:4 2o:1 6br:4 2o:6 2m:7 2l:c '
        + '7h4:2 2:o 20:1 2:2 3:2 3:2 2d:9 763:1 2r:1 1rg9b:h 53:k 28:i 52:g 54:i 2:7 21:g 2c:h an:4 2o:1 2:4 5d:4 2o:8 84:f 2d:n 25:1 2r:4 2o:1 5v3:9 2j:5 2 2l:1 2r:2 2q:3 7el:1 2:1 2o:5 2n:j 29:3 2p:1 7en 2:f 2b 2:8 2i 2:4 7k2:1 2 2 3 2:6 2c:1 2:2 '
        + '2n:3 7k5:3 2 2:8 2d:3 2 2:3 2i:4 2o:3 2:3 2k:2 2q:3 2p:1 793:5 3:3 2h:4 2o:3 2:a 2:4 27:1 2:7 2i:6 2 2k:5 2n:4 2o:4 2o:b 2h:4 70o:q 22 4:b 2d:1 2:9 2g:4 2o:8 2k:2 2q:d 78r:8 3 3:3 2b:e 2e:1 2r:c 7h4:2 3:5 2i:h 2b:2 2q:3 12ch:f 2d:4 2o:2 '
        + '7k6:5 7pn:5 2n:3 2p:4 2o:2 2q:4 2o:2 2q:4 2o:2 2q:2 2q:5 2n:6 2m:6 2m:4 2o:2 2q:4 2o:2 2q:2 2q:3 2p:3 2p:2 2q:4 2o:8 2k:a 2i:2 2q:1 2r:o 24:a 2i:4 2o:5 2n:d 2f:6 2m:6 2m:5 2n:6 2m:c 2g:c 2g:6 2m:2 2q:4 2o:4 2o:6 2m:2 2q:4 2o:3 2p:2 2q:2 '
        + '2q:3 2p:g 2c:1 2r:8 2 2i:4 2o:2 2q:2 hw7m:4 2:d 29:g 2c:4 2:b 2b:c 2 2e:g 2c:g 2c:g 2c:g 2c:g 2c:1 2r:3 2p:1 2r:1 2r:1 6mv:h 2b:h 2b:h 75v:j 29:p 23:r 21:l 27:j 29:l 27:i 2a:j 29:j 29:j 29:2 2q:2 2q:2 7k6:2 2q:c 2g:8 2k:8 2k:c 2g:c 2g:c '
        + '2g:c 2g:c 2g:c 2g:c 2g:c 2g:c 2g:c 2g:c 2g:c 2g:c 2g:b 60d:3 2p:3 2p:2 2q:2 2q:1 2r:7 2l:7 2l:7 2l:7 2l:7 2l:7 2l:7 2l:7 2l:4 2o:4 2o:2 2q:3 2p:5 6ef:l 27:1 2:g 29 2:8 2i 3:3 2m:6 2m:2 2q:c 2g:9 2j:7 73d:e 2:i 1u:e 2:o 1o:e 2:p 1n:12 1q:c '
        + '2g:e 2e:9 2j:g 2c:1 2:b 2e:7 2:c 27:8 2k:e 2e:4 2o:j 29:k 28:w 1w:3 2p:5 2:o 1x:4 2o:1 68z:d 2:1 2:2 2:16 10 3:7 2i 4 2:a 2c:6 2m:5 7k3:5 2n:2 7he:2 2:h 27:3 7mx:11 1r:11 7lz:m 26:7 2l:9 2j:3 2p:6 2:2 2:6 7gy:3 7bt:k 28:j 51:5 7sf:2 2q:a '
        + '2i:6 2m:f 2d:8 2k:3 2p:1 2:4 2l:8 764:e 2e:1 7mz:5 2n:3 2p:4 7mw:2 7my 2:10 4i:1 2r:j 29:j 29:j 29:j 29:j 29:j 29:j 6p5:k 28:k 28:k 28:k 7gw:j 29:j 29:j 29:j 29:j 7e5:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 78r:6 3:4 '
        + '2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 78r:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 78r:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 78r:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 '
        + '2f:6 3:4 78r:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 2f:6 3:4 75z:3 2p:8 2k:c 2g:2 2q:1 7hf:1j 19:1j 19:1j 19:1j 19:1j 7o9:6 2m:6 2m:6 7k2:7 2l:a 2i:8 2k:7 2l:4 7ek:6 2m:5 2n:5 2n:5 2n:5 7ej:m ekoa 2:8 2:10 1g:9 2:1p 7l0:f 2d:4 '
        + '3:9 2c:9 7jz:f 2d 2:1 4 2:9 2a:c 2g:4 2o:2 70q:3 2:i 7p5:m 26:a 80m:4 2o:3 2p:7 2l:5 2n:a 2i:3 44ycd:3 2 3:1 3:f 4t:6 2m:7 7eh:1 2:7 2 3 5:2 2:1 2:e 1n 3 2:1 2:8 2c 3 2:9 2e:3 3 2:m 1y 3:6 2j:d 2f:2 2q:2 2q:9 2j:3 2p:8 2k:4 6h8:4 2:15 1h:h '
        + '53:11 1r 2:8 2:4 3:2 2:5 3:7 2:r x l:3 3:2 5 a:1 6:1 3 6 4 3:2 u:7 2:13 1g:a 7:e 1x:3 2p:a 2i:3 2p:k 28:1f 1d:11 72j:9 2j:8 2k:k ksac:c 2g:a 2i:m 26:2 3:19 1e:3 2p:7 2l:7 uh1 2:b 2:18 15 j:1 5:2 4:1 2:d 2:2 4:f 3m:o 24:m 4y:8 84:f 6xl:y c:y '
        + 'k:9 2:5 2c:1 b:r 1p:4 7hc:9 2:b 2:9 1v:8 2k:5 2n:9 7h7:r 21:q 22:b 2h:3 2p:5 2n:8 2k:3 2p:6 2m:d 2f:d 2f:m 26:c 2g:c 2g:c 2g:b 2h:9 2j:4 2o:3 2p:7 2l:9 2j:d 2f:d 2f:b 2h:8 2k:a 2i:7 2l:8 2k:3 2p:a 2i:3 2p:6 2m:c 2g:b 2h:8 2k:c 2g:3 2p:3 '
        + '2p:c 2g:9 4rz:6 2m:6 2m:6 2m:6 2m:6 2m:6 2m:6 2m:6 2m:6 2m:6 2m:6 2m:6 2m:7 2l:6 2m:6 2m:a 2i:c joms 2:3 a:1 2 52:3 2:4 2j:d 2f:3 dt:7 3 2 9:8 1z:d 2f:9 2j:6 5e:5 4:i 21:1 2:5 2:5 2 2:8 4t:3 2:7 2g:3 2:m 21:1 2 3:f 27:2 2 2:a 54:h 2b:h 2b:e '
        + '2e:m 26:c 2:f 1z:d 2f:8 2k:r 21:d 2f:d 2f:4 2o:l 27:u 1y:3 2p:9 2j:9 2j:5 2:y 4f:l 27:1 2r:1 2r:4 2o:9 2j:6 2m:4 2o:n 25:e 2e:3 2p:g 2c:m 26:8 3p4:d 2:b 22:7 6:12 1d:v 2:g 1f:k 28:o 2:1g 3e:1 2:b 2e:7 2:8 2:l 1o:7 2l:n 25:6 2:6 2:5 27:2 '
        + '2q:2 2 2o:9 2j:7 2l:a d:4 2:2 2:o 17:o 4w:2 2:2 2:8 2:l 1p:7 5d:8 3:10 2:14 b:14 1o:v 1x:a 2i:1 2r 2:6 2k:l 27:3 2p:r 21:u 1y:1e 1e:n 25:3 89:2 2q:3 2p:13 1p:9 2:5 2c:f 2d:4 2:9 2d:n 25:14 4g:i 2a:d 3:15 17:3 2:7 2g:4 2o:1 2r:2 3uu:b 2:4 '
        + '2b:9 2j:d 2f:j 51:4 2o:a 2i:3 2p:1 2r:f 2d:3 2p:7 2l:4 2o:b 59:5 2n:5 2n:2 2q 2:4 2m:3 le4x:f 2d:8 2k:2 2q:4 7hc:c 2g:d 2f:2 2:4 aw:8 2k:5 767:4 2o:3 2:3 2k:5 2n:h 2b:5 2n:7 2l:e 5:2 27:4 2o:3 2p:4 2:1 2l:7 2:t 1q:k 28:l 27:2 2q:e 56:8 2k:4 '
        + '2o:3 2p:1 2r:e 2e:9 2j:9 2j:3 2p:3 2p:5 2n:3 2p:3 2p:2 5jy:7 2l:1c 2:x h:5 2n:g 2c:c 2g:e 2e:f 2d:o 24:7 2l:1b 2:h 2:2 u:e 2:5 27:8 2k:i 2a:a 6pe:a 2i:z 1t:4 2o:4 2o:1 7en:2 2q:e 2e:4 2o:6 2m:k 28:i 2a:5 2n:1 76b:g 2:k 1q:c 2g:8 2:c 26:5 '
        + '2n:8 2:2 2g:k 28:8 2k:c 2g:8 2:6 2c:m 26:2 2q:4 2o:7 2l:8 2k:4 2o:o 2:15 x:1 2r:1 2r:1 6br:2 2q:d 2f:b 2h:e 2e:9 2j:3 2p:4 2:1 2l:e 2e:5 2n:6 2m:2 2q:6 6v2:5 2:6 2f:5 2:4 2h:j 29:15 2:9 1c:8 2k:6 2m:6 2m:5 2n:3 2p:1 2r:1 2r:2 2q:4 5g:1 2r:1 '
        + '2r:1 2r:2 2q:3 2p:u 1y:6 2m:6 2m:a 2i:4 2o:3 2p:9 2j:1 5pj:9 2j:8 2:a 28:c 2g:d 2f:i 2a:7 2l:d 2f:4 2o:4 73g:9 3:6 2a:j 29:7 2l:3 2p:6 2m:9 2j:4 2o:2 2q:9 73b:a 2i:6 2:1 2j:5 2n:8 2k:4 2o:3 7bt:7 2:8 2b:4 2:1 2l:9 2j:9 2 2h:2 2q:4 2o:9 5b:2 '
        + '73i:6 2m:p 23:6 2m:5 7hb:g 2c:2 2:9 2f:7 2l:a 2i:4 2o:8 2k:5 78z:6 2m:m 26:m 26:3 2p:g 2c:9 2 5:1 2b:2 2q:p 23:7 5d:3 2:5 6xq:j 2:b 1w 3:3 2m:d 2f:b 2h:9 3:4 7e8:2 2q:h 2:6 2 21:5 2:3 2i:5 2n:2 2q:1 2r:3 2p:3 2p:7 2l:3 2p:5 2n:3 2p:4 2o:3 '
        + '2p:4 3:1 2k:6 2m:13 1p:1 2r:4 2o:1 2:5 2k:9 2j:3 2p:3 2p:4 2o:2 2q:3 2p:3 2p:k 28:6 2m:2 2q:v 1x:7 2l:o 24:8 2k:v 2:p 16:g 2c:9 2:1 2:2 2:u 1g:7 2l:8 2k:2 3:6 2:f 3 2 2:2 2:2 4:1 2 2:l t 2:1 2:1 2:i 22:3 5h:3 2p:6 2m:8 2k:7 2l:c 42w:8 7pk:6 '
        + '2 2:5 2:7 3:1 3 6:6 1l:5 2n 2:3 2:1 5c:3 2p:c 2 2e:d 2 2d:8 2k:7 2:4 2f:3 2p:4 2o:2 2q:1 6sf:a 2:4 2c:m 26:n 25:6 2:5 2f 2:a 2g:6 2m:6 2m:6 imr2:5 2:9 2c:c 2:2 2:1 2:d 7ja:7 2:8 2b:3 4:2 4 9 9 2:2 2:a 2:1 2:8 14:5 3:4 2:5 51:3 3:h 2:a 1t '
        + '2:2 2o:a 2i:8 2k:2 2:i 75q:i 2a:j 29:2 2:b 2:f 1w:7 2l:e 2e:2 2q:h 2b:1 76b:a 3:h 1y:4 2o:x 1v:b j5:4 2o 2 2:8 3 4:p 1k:4 2o:3 2:1 5 2:7 2:5 21:3 2p:1 2r:d 2f:c 2g:3 2:12 6al:1 2 2:a 2d:5 az:5 2n:8 2:2 2g:5 2n:7 2:4 2f:9 2j:8 2k:e 2e:5 2n:5 '
        + '2n:g 2c:2 2:1 5f:1 2:2 5f:7 3:1 2:8 27:c 2g:3 2p:1 illj:1 2:7 2i:7 2l:g 2:c 1y 2:8 2i:3 2p:4 2o:9 2j:3 2p:7 2l 2:7 2:3 2e:3 2p 2:8 5a:6 2m:d 2f:5 2n:1 2:b 2:a 22:6 86 2:6 2k:1 63f:3 3:1 2:d 26:1 2:f 52:a 2:6 2a:e 2e:2 2:4 7bo:1 2:a 2f 4:1 '
        + '6:4 2:b 2:6 1s:l 27:2 2:5 2j 2 2:4 2k:3 2 3:q 1u:1 2:4 2:d kzoy:i 2a 2:2 2:6 2g:9 2j:8 2k:5 2n:5 7br:4 2o:a 2:8 28:o 24:t 1z:2 2q:4 7bs:6 4:d 25:u 1y:k 28:a 7h6:3 2:5 2i:1 3 2o:1 7k7:4 2o:c kknk:6 2m:1 2r:3 2p:2 7he:3 2p:2 2q:5 2n:1 7hf 2:1 '
        + '2p:2 2 7mz 2p 2 2 7mw:1 7pr:7 2l:2 2:5 2j 2:e 2c:1 2r:1 7en:v 1x:5 2n:8 2:5 7jt:o 24 2:b 2:p 7lw:9 3 2 2:2 2 2 4:q 1c:d 2f:b 2h:6 2:3 2h:4 2o:7 2l:8 2k:d 2f:f 2d:6 2m:7 6xt:b 2h:l 78j:2 2q:2 jar2:e 2:3 2:1h q:f 7ml:3 2:4 2j:3 2p:1 7k7:2 2q '
        + '2:b 2f:9 2j:f 2d:3 7el:3 2p:5 3:b 29:7 2:2 2h:z 1t:a 5a:2 krzq:1a 1i:j 29:g 2c:k 28:k 28:a 2i:9 6uz:2 2q:9 2j:2 2q:6 2m:6 7ha:2 2q:2 2q:2 7va:5 ksj3:9 2:3 2e:2 2:5 f9r 2:b 2f:3 7mx:6 2m:7 7mt:9 2j 2:5 7mt:6 2m:3 7mx:r 21:l 27:b 7jx:9 2j:4 '
        + '7mw:f 2d:e fce:4 8:8 28:c 7pg:9 2j:3 2p:x 7gj:x fen:b 2h:4 2o:c 2g:1 ifi3 g:1 7jr d:1d c6 4:1d 7af 11:2 1p b:2 2f 5:2 2l 2:2 2o:3 7hd 9 3:n 1t:6 2m:3 f75 d:2 2d 4:1 7mv 9:3 80 d:2 2d 7eo 1c 2:4 42 7:1 2k u:4 1u:2 2 2o:6 7ha 8:1 5b:9 2j:5 '
        + '7br 5:2 gh 9:4 57:4 2o:6 2m:4 2o:3 2p:3 2p:3 2p:2 2q:2 2q:8 2k:3 6k1 6:9 dh:a 2i:b 2h:1 2:d 2:b 1z:d 2f:2 2q:6 2m:6 5e:3 6k3:4 2m 7:5 78s:2 2q:2 2q:2 2q:4 1pvo:2p 3:1j 19:i 2a:e 2e:3 2p:f 2d:4 2o:f 2d:4 2o:9 2j:p 2:6 1v:7 2l:a 2i:6 2m:g '
        + '2c:2 2q:b 2h:7 2l:9 2j:2y 2m:1t z:4 2o:5 2n:6 2m:6 2m:8 2k:8 2k:d 2f:1a 1i:p 23:1p 13:2 2q:1 2r:1l 17:18 1k:6 2m:a 2i:1z t:1o 14:c 2g:a 2i:n 25:26 m:8 2k:8 2k:3 2p:t 1z:a 2i:4 2o:2 2q:4 2o:3 2p:3 2p:6 2m:1a 1i:4 2o:u 7i:3 331:2o 4:1j 19:f '
        + '2d:e 2e:3 2p:f 2d:4 2o:f 2d:4 2o:9 2j:p 2:5 1w:7 2l:a 2i:6 2m:g 2c:2 2q:b 2h:7 2l:9 2j:2o 4:6 2m:1t z:4 2o:5 2n:6 2m:6 2m:8 2k:8 2k:d 2f:1a 1i:p 23:1p 13:2 2q:1 2r:1l 17:18 1k:6 2m:a 2i:1z t:1o 14:c 2g:a 2i:n 25:25 n:8 2k:8 2k:3 2p:t 1z:a '
        + '2i:4 2o:2 2q:4 2o:3 2p:3 2p:6 2m:11 1r:4 2o:u 3am:2o 4:1j 19:f 2d:e 2e:3 2p:f 2d:4 2o:f 2d:4 2o:9 2j:p 2:5 1w:7 2l:a 2i:6 2m:g 2c:2 2q:b 2h:7 2l:9 2j:2o 4:6 2m:1t z:4 2o:5 2n:6 2m:6 2m:8 2k:8 2k:d 2f:1a 1i:p 23:1p 13:2 2q:1 2r:1l 17:18 1k:6 '
        + '2m:a 2i:1z t:1o 14:c 2g:a 2i:n 25:25 n:8 2k:8 2k:3 2p:t 1z:a 2i:4 2o:2 2q:4 2o:3 2p:3 2p:6 2m:11 1r:4 2o:u 3am:2o 4:1j 19:f 2d:e 2e:3 2p:f 2d:4 2o:f 2d:4 2o:9 2j:p 2:5 1w:7 2l:a 2i:6 2m:g 2c:2 2q:b 2h:7 2l:9 2j:2o 4:6 2m:1t z:4 2o:5 2n:6 '
        + '2m:6 2m:8 2k:8 2k:d 2f:1a 1i:p 23:1p 13:2 2q:1 2r:1l 17:18 1k:6 2m:a 2i:1z t:1o 14:c 2g:a 2i:n 25:25 n:8 2k:8 2k:3 2p:t 1z:a 2i:4 2o:2 2q:4 2o:3 2p:3 2p:6 2m:11 1r:4 2o:u 3am:2o 4:1j 19:f 2d:e 2e:3 2p:f 2d:4 2o:f 2d:4 2o:9 2j:p 2:5 1w:7 '
        + '2l:a 2i:6 2m:g 2c:2 2q:b 2h:7 2l:9 2j:2o 4:6 2m:1t z:4 2o:5 2n:6 2m:6 2m:8 2k:8 2k:d 2f:1a 1i:p 23:1p 13:2 2q:1 2r:1l 17:18 1k:6 2m:a 2i:1z t:1o 14:c 2g:a 2i:n 25:25 n:8 2k:8 2k:3 2p:t 1z:a 2i:4 2o:2 2q:4 2o:3 2p:3 2p:6 2m:11 1r:4 2o:u '
        + '3am:2o 4:1j 19:f 2d:e 2e:3 2p:f 2d:4 2o:f 2d:4 2o:9 2j:p 2:5 1w:7 2l:a 2i:6 2m:g 2c:2 2q:b 2h:7 2l:9 2j:2o 4:6 2m:1t z:4 2o:5 2n:6 2m:6 2m:8 2k:8 2k:d 2f:1a 1i:p 23:1p 13:2 2q:1 2r:1l 17:18 1k:6 2m:a 2i:1z t:1o 14:c 2g:a 2i:n 25:25 n:8 2k:8 '
        + '2k:3 2p:t 1z:a 2i:4 2o:2 2q:4 2o:3 2p:3 2p:6 2m:11 1r:4 2o:u 3am:2o 4:1j 19:f 2d:e 2e:3 2p:f 2d:4 2o:f 2d:4 2o:9 2j:p 2:5 1w:7 2l:a 2i:6 2m:g 2c:2 2q:b 2h:7 2l:9 2j:2o 4:6 2m:1t z:4 2o:5 2n:6 2m:6 2m:8 2k:8 2k:d 2f:1a 1i:p 23:1p 13:2 2q:1 '
        + '2r:1l 17:18 1k:6 2m:a 2i:1z t:1o 14:c 2g:a 2i:n 25:25 n:8 2k:8 2k:3 2p:t 1z:a 2i:4 2o:2 2q:4 2o:3 2p:3 2p:6 2m:11 1r:4 2o:u 3am:2o 4:1j 19:f 2d:e 2e:3 2p:f 2d:4 2o:f 2d:4 2o:9 2j:p 2:5 1w:7 2l:a 2i:6 2m:g 2c:2 2q:b 2h:7 2l:9 2j:2o 4:6 2m:1t '
        + 'z:4 2o:5 2n:6 2m:6 2m:8 2k:8 2k:d 2f:1a 1i:p 23:1p 13:2 2q:1 2r:1l 17:18 1k:6 2m:a 2i:1z t:1o 14:c 2g:a 2i:n 25:25 n:8 2k:8 2k:3 2p:t 1z:a 2i:4 2o:2 2q:4 2o:3 2p:3 2p:6 2m:11 1r:4 2o:u 3am:3 2p:2 2q:2 2q:2 f76:d 2f:5 2n:2a i:1h 1b:m 26:4 '
        + '2o:7 2l:b 2h:5 2n:2 2q:7 2l:c 2g:f 2d:8 2k:b 2h:g 2c:1 2r:1x v:4 2o:n 25:k 28:e 2e:7 2l:b 2h:b 2h:4 2 2m:r 21:2 2q:6 2m:6 2m:8 2k:n 25:6 2m:n 25:6 5e:4 2o:7 2l:n 25:6 2m:6 2m:14 1o:b 2h:4 2o:g 2c:b 2h:4 2o:d b:1 23:t 1z:l 27:r 21:8 2k:n '
        + '25:a 5a:1w 2:1 t:a 2i:5 3bb:d 2f:5 2n:2a i:1g 1c:m 26:4 2o:7 2l:b 2h:4 2o:2 2q:6 2m:c 2g:f 2d:7 2l:b 2h:g 2c:1 2r:4 2o:n 25:k 28:e 2e:7 2l:b 2h:b 2h:4 2 2m:r 21:2 2q:6 2m:6 2m:8 2k:n 25:6 2m:l 27:6 5e:4 2o:7 2l:l 27:6 2m:6 2m:11 1r:8 2k:4 '
        + '2o:g 2c:b 2h:4 2o:f 2d:t 1z:k 28:r 21:8 2k:k 28:a 2i:1x 3n:1x v:a 3dy:d 2f:5 2n:2a i:1g 1c:m 26:4 2o:7 2l:b 2h:4 2o:2 2q:6 2m:c 2g:f 2d:8 2k:b 2h:g 2c:1 2r:1x v:4 2o:n 25:k 28:e 2e:7 2l:b 2h:b 2h:5 2n:r 21:2 2q:6 2m:6 2m:8 2k:n 25:6 2m:l '
        + '27:6 2m:4 2o:7 2l:l 27:6 2m:6 2m:12 1q:9 2j:4 2o:g 2c:b 2h:4 2o:g 2c:t 1z:k 28:r 21:8 2k:k 28:a 2i:1w w:a 3ji:d 2f:5 2n:2a i:1g 1c:m 26:4 2o:7 2l:b 2h:4 2o:2 2q:6 2m:c 2g:f 2d:8 2k:b 2h:g 2c:1 2r:1x v:4 2o:n 25:k 28:e 2e:7 2l:b 2h:b 2h:5 '
        + '2n:r 21:2 2q:6 2m:6 2m:8 2k:n 25:6 2m:l 27:6 2m:4 2o:7 2l:l 27:6 2m:6 2m:11 1r:8 2k:4 2o:g 2c:b 2h:4 2o:g 2c:t 1z:k 28:r 21:8 2k:k 28:a 2i:1w w:a 3ji:d 2f:5 2n:2a i:1g 1c:m 26:4 2o:7 2l:b 2h:4 2o:2 2q:6 2m:c 2g:f 2d:8 2k:b 2h:g 2c:1 2r:1x '
        + 'v:4 2o:n 25:k 28:e 2e:7 2l:b 2h:b 2h:5 2n:r 21:2 2q:6 2m:6 2m:8 2k:n 25:6 2m:l 27:6 2m:4 2o:7 2l:l 27:6 2m:6 2m:11 1r:b 2h:4 2o:g 2c:b 2h:4 2o:g 2c:t 1z:l 27:r 21:8 2k:k 28:a 2i:1w w:a 3ji:d 2f:5 2n:2a i:1g 1c:m 26:4 2o:7 2l:b 2h:4 2o:2 '
        + '2q:6 2m:c 2g:f 2d:8 2k:b 2h:g 2c:1 2r:1x v:4 2o:n 25:k 28:e 2e:7 2l:b 2h:b 2h:5 2n:r 21:2 2q:6 2m:6 2m:8 2k:n 25:6 2m:l 27:6 2m:4 2o:7 2l:l 27:6 2m:6 2m:11 1r:8 2k:4 2o:g 2c:b 2h:4 2o:g 2c:t 1z:k 28:r 21:8 2k:k 28:a 2i:1w w:a 3ji:d 2f:5 '
        + '2n:2a i:1g 1c:m 26:4 2o:7 2l:b 2h:4 2o:2 2q:6 2m:c 2g:f 2d:8 2k:b 2h:g 2c:1 2r:1x v:4 2o:n 25:k 28:e 2e:7 2l:b 2h:b 2h:5 2n:r 21:2 2q:6 2m:6 2m:8 2k:n 25:6 2m:l 27:6 2m:4 2o:7 2l:l 27:6 2m:6 2m:11 1r:8 2k:4 2o:g 2c:b 2h:4 2o:g 2c:t 1z:k '
        + '28:r 21:8 2k:k 28:a 2i:1w w:a 2i:7 3gt:d 2f:5 2n:2a i:1g 1c:m 26:4 2o:7 2l:b 2h:4 2o:2 2q:6 2m:c 2g:f 2d:8 2k:b 2h:g 2c:1 2r:1x v:4 2o:n 25:k 28:e 2e:7 2l:b 2h:b 2h:5 2n:r 21:2 2q:6 2m:6 2m:8 2k:n 25:6 2m:l 27:6 2m:4 2o:7 2l:l 27:6 2m:6 '
        + '2m:11 1r:8 2k:4 2o:g 2c:b 2h:4 2o:g 2c:t 1z:k 28:r 21:8 2k:k 28:a 2i:1w w:a ddxq 3:1 3:9 2:1 2:7 2:22 2:1 3:4 2:4 4:1 4:3 1w:l 27:l 3:8 2:3 1r:f 2d:a 2i:2 2q:9 2:3 2e:2 2:16 1i 2:1 2p:3 2:2 2l:1 2r:2 3:a 2:d 6rm:m 26:6 3:9 2a:n 25:s 20:2 '
        + '2:3 7eh:4 2:1 2:e 25:4 3:4 3:3 2b:b 2:5 3:1 2:b 2:12 2:3 k:n 25:a 5a:5 2:6 2f:1 2r:1 73j:i 2a:h 2b:g 2c:b 2h:1 2:7 2i:1 7bv:13 2:2 1l:14 1o:w 1w:n 25 3:1 3:1 2:c 26:6 3:9 2a:e 2:13 19:3 2:w 1r:6 2m:f 2d:e 2e:j 29:2 2q:1 2r:p 2:l 6lk:i 2a:g '
        + '2c:s 2:k 1e:5 5:f 23:8 2:a 28:c 7bk:8 2:1 2:c 23:3 2:z 6:9 19:a 2i:3 2:1 2:7 2:3 28:1 2 7el:5 2:4 2 2f:o 2:7 1v:4 2:6 2g:9 2:c 25:q 22:4 2o:3 2:6 78t:6 2:3 2:4 2:9 20:9 2j:1k 18:8 2:q 1s:6 2 3:3 2e:e 2e:2 2q:4 2o:4 2o:1 2:a 2:9 704:n 25:6 '
        + '2m:6 2m:5 2n:b 7ed:j 29:t 2:5 2:1 7:4 1e:5 2n:b 2h:1 7en:5 2n:d 2:a 7n:1 2r:i 2:g 1s:1 2r:4 2o:b 2h:4 2o:5 lzj:2 2q:l 27:y 1u:5 7hb:2 i88y:g ff4:e 2e:8 2k:5 7k3:1 2 2p:4 2o:5 7k3:1i 1a:c 2g:1 2:5 2k:7 7h9:7 2l:1r 11:9 2j:d 2f:9 2j:i 2a:4 '
        + '2o:4 2o:1 73j 2 3 2:b 2:7 2 2:t 14:b 78t:2 jxz6:5 2n:5 2n:5 2n:5 2n:5 2n:3 2p:5 2n:5 2n:a 2i:4 2o:k 28:6 2m:g 2c:5 2n:4 2o:1 2r:1 2r:1 6ej:5 2n:5 2n:5 2n:5 2n:5 2n:5 2n:5 78z:3 2p:3 2:3 2k:2 2:2 2m:4 7hc:a 2i:1b 1h:2 2q:2 7he:8 2k:u kkn2:d '
        + '2f:5 2n:6 7k2:5 2n:6 2m:9 7jz:4 2o:3 2p:2 2q:2 kzxu:7 2:1 3:j 7ow:f 2d:1 7mz:7 2l:2 2:i 26:8 2 2:9 4:1 2:7 1t:4 2:2 2k:8 kzuw:a 3:3 2:f 2:a 1j:a 2i:8 2:9 29 3:a 2f:7 7eh:e 2e:6 2m:7 2l:6 2m:7 2l:5 2n:b 2h:6 2m:4 6pk:c 2:1 2d:2 2q:1 2r:4 '
        + '2o:3 2p:a 2i:b 2h:4 2o:5 2n:3 2p:4 7bs:4 2o:7 2l:3 7k5:4 2o:4 2cv38:a 2i:4 2o:5 2n:2 2:r 1x:5 5f:a 2i:w 1w:b 2h:b 2h:7 2l:6 2m:6 2m:c 2g:e 2e:d 2f:e 2e:f 2:1 2a:7 2l:h 2b:a 2:1 2f:c 2g:4 2o:3 2p:a 2i:4 2o:6 2m:6 2m:9 2j 3:6 2 4:1 2:g 2 1s:8 '
        + '2k:7 2l:4 2o:9 2j:g 2c:9 2:1 2g:2 2:f 29:o 2 22:r 21:u 1y:6 2m:4 2o:3 2p:9 2j:t 1z:5 2n:q 22:5 2n:b 2h:j 29:4 2o:9 2j:f 2d:2 2q:2 2q:6 2m:c 3dw:5 2n:9 2j:8 2k:6 2m:5 2:4 7ed:f 2d:l 2:u 1b:13 2:c 1b:6 2m:f 2d:q 5:9 1o:6 2m:i 2a:e 2e:c 2g 2:7 '
        + '2j:3 2p:4 2o:2 2q:2 2q:4 2:3 2j:4 2o:4 2o:1 2r:9 2j:2 2q:3 2p:4 2o:3 2p:3 2p:2 2q:6 2m:3 2p:2 2q:1 2r:2 2q:2 2q:1 2r:p 23:4 2:6 2g:f 505:7 2l:g 2c:11 1r:t 1z:1o 14:k 28:1 2r:3 2p:3 73h:q 22:i 2a:5 2n 2:5 2l:5 2dbiv 3k5qg:a 2i:7 2l:4 2o:6 '
        + '2m:5 7ej:8 2k:3 2p:d 7jv:5 2n:8 2 2i:5 2n:3 2p:3 2p:a 7bm:6 2m:5 2n:8 7k0:k 28:7 2l:a 2i:4 2o:4 2o:b 7bl:a 2i:6 2m:7 2l:7 2l:7 2:1 7ee:1 2r:1 2r:4 7k4:6 2m:7 2l:9 2j:3 jxcx:2 2q:9 2j:a 7xu:f 2:e 1x:3 2:c 2:4 25 2:4 2m:3 j:8 6ou:2 6:4 4:2 '
        + '6:1 23:n 25:b 2h:5 2 2:1 2i:8 2k:g 2c:8 2:v 1n:6 2m 5:7 2g:5 2n:6 2m:5 2:9 2c:7 2l:b 2h 7:3 2i:6 2m:2 3:1 2 2 4:2 2c:b 2h:8 2 2i:5 2n:7 661:g 2:1 29:b 2h:1 2r:d 2f:k 7e4:8 2k:4 2o:2 7k6:5 2 2l:6 2m:3 2p:b 4:c 21:6 7ei:8 2k:7 2:2 2h:6 2m:8 '
        + '2k 2:1 2 2:4 2:1 2e 3 2p:6 k586:1 3:e g6:6 m2 2:1 2 5f:4 5g:2 2 5xs:8 2k:b 7mp:8 2k:5 2n:3 2p:2 2q:a 2i:h f17:4 2o:q 22:g 2c:3 2p:2 2q 2:3 2:4 2h:5 2n:2 76a:6 2m:3 2p:7 2l:8 2k:2 2q:b 3:1 2d:9 2j:4 2o:3 2p:1 2:8 2h:5 2n:4 2o:4 2o:3 2p:5 '
        + '2n:9 2j:7 2l:b 2h:2 2q:9 2j:2 2q:5 2n:9 2j:3 2p:2 2q:7 2l:d 2f:2 5i:2 2q:1u y:a 2i:1 2r:2 2q:2 2q:3 kaph:5 2n:e 2e:3 2p:2 2q:3 7el:7 2l:4 7mw:9 2j:3 3:2 2:4 56:7 7h9:8 2k:8 2k:3 2p:4 2o 2:4 7ei:8 2k:2 2q:f 7jt:6 2m:8 2k:5 2n:5 2n:7 2l:4 '
        + '2o:9 3 78s:j 29:7 7mt:8 2:3 2f:6 78y:n 25:p 23:6 2m:e ga:8 1qkrs:3 2p:6 7mu:1 2:3 2m:5 5f:1 7hf:3 2p:4 2o:2 5i:4 2o:4 2o:3 2p:3 2p:f 2d:8 70k:2 2q:2 2q:2 ksau:5 2n:5 2n:7 2l:6 2m:a 2i:4 7bs:8 2k:3 7mx:9 2j:a 2i:9 7jz:3 2p:4 2o:2 ksau:3 2p:6 '
        + '2m:6 2m:7 2l:5 2n:2 2q:3 2p:6 766:3 2 2n:3 2p:5 2p:2 3:5 2g:1 7en:2 2q:4 7mw:2 2q:3 2p:2 2q:6 7ha:4 2o:3 2p:4 2o:6 2m:2 ujy:9 2j:1 2r:3 2p:2 2q:1 15567:b 2h:5 2n:8 7k0:a 2i:p 23:g 7js:3 2p:b 2h:7 2l:4 2o:3 7el:6 2m:5 2n:3 2p:3 7hd:e 2e:7 '
        + '2:l 1y:6 2m:3 2p:3 7el:5 2n:5 7mv:8 2k:3 2p:3 2p:1 k52r:3 2:b 2c:5 2n:3 3:1 3:1 2 2f:2 2q 2 2q:1 2r:1 2r:3 2p:1 2r:2 2q:1 2r:1 2r:2 6se:a 2i:d 2f:8 2k:6 2:4 2 4:2 28:2 2q:a 2i:7 2l:m 26:9 2j:1 2r:2 6xy:4 2o:7 7mt:5 7pn:6 2m:6 2m:4 2o:7 2l:2 '
        + '7em:3 2p:4 2o:5 2n:6 2m:4 7ek:3 2p:1 2r:c 2g:1 k52r:8 2k:5 2n:2 2q:2 2q:5 7ej:3 2p:4 2o:5 2n:4 2o:4 2o:1u 7a2:c 2g:3 2p:2 2q:2 2q:8 7eg:5 2n:4 7mw:7 2l:2 7my:8 2k:4 2o:6 kcv6:a 2i:5 5f:8 2k:3 7el:8 2:1 2h:5 2n:3 2p:4 2o:5 87:6 2m:4 2o:6 '
        + '2m:6 2m:6 6v2:4 2o:6 2m:4 l00k:3 2p:4 2o:5 7k3:8 2k:3 2p:3 2p:2 7he:4 2o:7 2l:5 2n:6 2m:3 2p:1 7bv:h 2c:9 2i:2 2r:1 7he:3 2p:2 2q:2 kkl3:8 2k:4 2o:6 7k1:e 2e:h 2b:4 7k5:3 2o:e 2e:6 2m:b 2h:2 2q:5 2n:9 2j:1 76b:5 2n:4 2o:d 7jv:4 2o:3 2p:2 '
        + '7k6:9 2j:7 2l:5 7k3:5 7pn:1 2r:1 jxij:9 2j:a 2i:g 2c:a 7h6:5 2n:4 2o:2 2q:2 7he:4 2o:2 2q:2 2q 2:2 7hc:4 2o:3 2p:3 2p:4 2o:4 2o:1 7bv:4 2o:3 2p:4 2cvec:4 2o:4 2o:1 2r:2 7he:4 2o:4 2o:3 2p:3 7hd:3 2p:3 2p:2 2q:1 7hf:4 2o:3 7mx:3 2p:3 2p:3 '
        + '7k5:3 2p:3 2p:3 2p:3 2p:3 2p:2 2q:1 kck7:5 2n:5 2n:2 2q:3 2p:4 7ek:4 2o:3 2p:3 2p:4 2o:4 l7ks:4 2o:4 2o:2 2q:5 2n:4 7ek:4 3 2l 2:1 2:1 2m:3 2:3 2k:1 5 4 2i:2 2 2o 2v 2r:1 3 2m 3 2p 4 70o 2:2 2o:4 2o:4 2o:3 2p:1 kzv3:6 2m 2 2 3 2l 2:5 7k1:1 '
        + '4:2 2l:3 3:2 7ms:3 2:4 2j 3:5 3 2:2 2d:9 2 7jx:7 2l:d 2f:5 2n:3 7hd:e 2e:2 3:8 2f:e 2e:4 2:2 2:4 2e:6 2:2 2i:9 2j:4 790:d 2:4 29:b 2h:2 7k6:4 2o:9 2j:4 2o:5 3 7h8:4 2o:4 2o:3 2p:3 jxcx:5 2n:a 2i:5 2n:5 2:3 7mq:4 2o:4 2o:3 2p:5 7br:e 2e:7 '
        + '2l:4 2o:5 7hb:4 2o:8 2k:4 2o 2:3 2n:3 2p:4 ks2g:a 2i:3 2p:8 2k 3:2 2 2l:3 7el:4 2o:5 4:3 2:2 7mk:h 2b:x 2:1 2:8 1i:d 2f:2 2:5 2j:b 2 2f:8 2k:6 5e:8 2k:3 2p:3 2p:1 2 2p 2:1 6sd:3 2p:6 2m:2 7k6:2 2q:6 2m:b 2h:3 2p:4',
    },
    c_CodigoPostal: {
      digits: 5,
      ranges: '0 rs:ccf 2bd:hr 2:61g v:iqz 2t:18f 14 v:b2v b:gtu 4 6:fa 5:1w6 b:z9 b:gn b:3c9',
    },
  },
  decimals: { BHD: 3, BIF: 0, BYR: 0, CLF: 4, CLP: 0, DJF: 0, GNF: 0, IQD: 3, ISK: 0, JOD: 3, JPY: 0, KMF: 0, KRW: 0, KWD: 3, LYD: 3, OMR: 3, PYG: 0, RWF: 0, TND: 3, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XAG: 0, XAU: 0, XBA: 0, XBB: 0, XBC: 0, XBD: 0, XDR: 0, XOF: 0, XPD: 0, XPF: 0, XPT: 0, XSU: 0, XTS: 0, XUA: 0, XXX: 0 },
  zones: {
    names: [
      'Tiempo del Centro',
      'Tiempo del Centro en Frontera',
      'Tiempo del Noroeste',
      'Tiempo del Pacífico',
      'Tiempo del Sureste',
    ],
    hours: [
      [0, 0],
      [-1, 1],
      [-2, -1],
      [-1, -1],
      [1, 1],
    ],
    runs: '0:0 g7c:2 hqw:3 iio:0 k28:1 kbo:0 kdc:1 klo:0 l7w:1 l9a:0 ojw:1 okq:0 oow:1 pb4:0 1cm0:3 1d66:0 1d67:3 1d68:0 1d6b:3 1d6c:0 1d6d:3 1d6e:0 1d6k:3 1dds:0 1e5k:1 1e7i:0 1gpq:3 1gpr:0 1new:4 1o6o:0 1pq8:3 1ucw:0 1vd0:1 1vlc:0 1vwg:1 1wkw:0 '
      + '1wlg:1 1wo8:0',
  },
  regimes: [
    '601 01',
    '603 01',
    '605 10',
    '606 10',
    '607 10',
    '608 10',
    '610 11',
    '611 10',
    '612 10',
    '614 10',
    '615 10',
    '616 10',
    '620 01',
    '621 10',
    '622 01',
    '623 01',
    '624 01',
    '625 10',
    '626 11',
  ],
  uses: [
    'G01 11 601 603 606 612 620 621 622 623 624 625 626',
    'G02 11 601 603 606 612 616 620 621 622 623 624 625 626',
    'G03 11 601 603 606 612 620 621 622 623 624 625 626',
    'I01 11 601 603 606 612 620 621 622 623 624 625 626',
    'I02 11 601 603 606 612 620 621 622 623 624 625 626',
    'I03 11 601 603 606 612 620 621 622 623 624 625 626',
    'I04 11 601 603 606 612 620 621 622 623 624 625 626',
    'I05 11 601 603 606 612 620 621 622 623 624 625 626',
    'I06 11 601 603 606 612 620 621 622 623 624 625 626',
    'I07 11 601 603 606 612 620 621 622 623 624 625 626',
    'I08 11 601 603 606 612 620 621 622 623 624 625 626',
    'D01 10 605 606 608 611 612 614 607 615 625',
    'D02 10 605 606 608 611 612 614 607 615 625',
    'D03 10 605 606 608 611 612 614 607 615 625',
    'D04 10 605 606 608 611 612 614 607 615 625',
    'D05 10 605 606 608 611 612 614 607 615 625',
    'D06 10 605 606 608 611 612 614 607 615 625',
    'D07 10 605 606 608 611 612 614 607 615 625',
    'D08 10 605 606 608 611 612 614 607 615 625',
    'D09 10 605 606 608 611 612 614 607 615 625',
    'D10 10 605 606 608 611 612 614 607 615 625',
    'S01 11 601 603 605 606 608 610 611 612 614 616 620 621 622 623 624 607 615 625 626',
    'CP01 11 601 603 605 606 608 610 611 612 614 616 620 621 622 623 624 607 615 625 626',
    'CN01 10 605',
  ],
  rates: [
    '002 Tasa 0.000000 0.000000 1 0 2022-01-01',
    '002 Tasa 0.160000 0.160000 1 0 2022-01-01',
    '002 Tasa 0.000000 0.160000 0 1 2022-01-01',
    '002 Tasa 0.080000 0.080000 1 0 2022-01-01',
    '003 Tasa 0.265000 0.265000 1 1 2022-01-01',
    '003 Tasa 0.300000 0.300000 1 1 2022-01-01',
    '003 Tasa 0.530000 0.530000 1 1 2022-01-01',
    '003 Tasa 0.500000 0.500000 1 1 2022-01-01',
    '003 Tasa 1.600000 1.600000 1 1 2022-01-01',
    '003 Tasa 0.304000 0.304000 1 1 2022-01-01',
    '003 Tasa 0.250000 0.250000 1 1 2022-01-01',
    '003 Tasa 0.090000 0.090000 1 1 2022-01-01',
    '003 Tasa 0.080000 0.080000 1 1 2022-01-01',
    '003 Tasa 0.070000 0.070000 1 1 2022-01-01',
    '003 Tasa 0.060000 0.060000 1 1 2022-01-01',
    '003 Tasa 0.030000 0.030000 1 0 2022-01-01',
    '003 Tasa 0.000000 0.000000 1 0 2022-01-01',
    '003 Cuota 0.000000 66.506200 1 1 2022-01-01',
    '001 Tasa 0.000000 0.350000 0 1 2022-01-01',
  ],
  uncertainRates: {
    tax: '003',
    from: '2026-01-01',
  },
  taxIds: {
    CAN: '[0-9]{9}',
    USA: '[0-9]{9}',
  },
  paymentForms: [
    { code: '02', banked: true, payerBank: true, payerAccount: '[0-9]{11}|[0-9]{18}', payeeBank: true, payeeAccount: '[0-9]{10,11}|[0-9]{15,16}|[0-9]{18}|[A-Z0-9_]{10,50}', chain: false },
    { code: '03', banked: true, payerBank: true, payerAccount: '[0-9]{10}|[0-9]{16}|[0-9]{18}', payeeBank: true, payeeAccount: '[0-9]{10}|[0-9]{18}', chain: true },
    { code: '04', banked: true, payerBank: true, payerAccount: '[0-9]{16}', payeeBank: true, payeeAccount: '[0-9]{10,11}|[0-9]{15,16}|[0-9]{18}|[A-Z0-9_]{10,50}', chain: false },
    { code: '05', banked: true, payerBank: true, payerAccount: '[0-9]{10,11}|[0-9]{15,16}|[0-9]{18}|[A-Z0-9_]{10,50}', payeeBank: true, payeeAccount: '[0-9]{10,11}|[0-9]{15,16}|[0-9]{18}|[A-Z0-9_]{10,50}', chain: false },
    { code: '06', banked: true, payerBank: true, payerAccount: '[0-9]{10}', payeeBank: false, payeeAccount: '', chain: false },
    { code: '28', banked: true, payerBank: true, payerAccount: '[0-9]{16}', payeeBank: true, payeeAccount: '[0-9]{10,11}|[0-9]{15,16}|[0-9]{18}|[A-Z0-9_]{10,50}', chain: false },
    { code: '29', banked: true, payerBank: true, payerAccount: '[0-9]{15,16}', payeeBank: true, payeeAccount: '[0-9]{10,11}|[0-9]{15,16}|[0-9]{18}|[A-Z0-9_]{10,50}', chain: false },
    { code: '99', banked: false, payerBank: true, payerAccount: '.*', payeeBank: true, payeeAccount: '.*', chain: true },
  ],
};
