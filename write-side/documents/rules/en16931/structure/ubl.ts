import { unpack } from './table.js';

/** Elements and attributes of UBL 2.1 that EN 16931 does not use: warnings of the syntax binding (UBL-CR). */
const FORBIDDEN = `
.: UBLExtensions=001 ProfileExecutionID=003 CopyIndicator=004 UUID=005 IssueTime=006 PricingCurrencyCode=007 PaymentCurrencyCode=008
.: PaymentAlternativeCurrencyCode=009 AccountingCostCode=010 LineCountNumeric=011 +StatementDocumentReference=077 +Signature=137 +BuyerCustomerParty=294
.: +SellerSupplierParty=295 +DeliveryTerms=410 +PrepaidPayment=470 +TaxExchangeRate=490 +PricingExchangeRate=491 +PaymentExchangeRate=492
.: +PaymentAlternativeExchangeRate=493 +WithholdingTaxTotal=513
InvoicePeriod: StartTime=012 EndTime=013 DurationMeasure=014 Description=015
OrderReference: CopyIndicator=016 UUID=017 IssueDate=018 IssueTime=019 CustomerReference=020 OrderTypeCode=021 +DocumentReference=022
BillingReference/InvoiceDocumentReference: CopyIndicator=023 UUID=024 IssueTime=025 DocumentTypeCode=026 DocumentType=027 XPath=028 LanguageID=029 LocaleCode=030
BillingReference/InvoiceDocumentReference: VersionID=031 DocumentStatusCode=032 DocumentDescription=033 +Attachment=034 +ValidityPeriod=035 +IssuerParty=036
BillingReference/InvoiceDocumentReference: +ResultOfVerification=037
BillingReference: +SelfBilledInvoiceDocumentReference=038 +CreditNoteDocumentReference=039 +SelfBilledCreditNoteDocumentReference=040 +DebitNoteDocumentReference=041
BillingReference: +ReminderDocumentReference=042 +AdditionalDocumentReference=043 +BillingReferenceLine=044
DespatchDocumentReference: CopyIndicator=045 UUID=046 IssueDate=047 IssueTime=048 DocumentTypeCode=049 DocumentType=050 XPath=051 LanguageID=052 LocaleCode=053
DespatchDocumentReference: VersionID=054 DocumentStatusCode=055 DocumentDescription=056 +Attachment=057 +ValidityPeriod=058 +IssuerParty=059
DespatchDocumentReference: +ResultOfVerification=060
ReceiptDocumentReference: CopyIndicator=061 UUID=062 IssueDate=063 IssueTime=064 DocumentTypeCode=065 DocumentType=066 XPath=067 LanguageID=068 LocaleCode=069
ReceiptDocumentReference: VersionID=070 DocumentStatusCode=071 DocumentDescription=072 +Attachment=073 +ValidityPeriod=074 +IssuerParty=075 +ResultOfVerification=076
OriginatorDocumentReference: CopyIndicator=078 UUID=079 IssueDate=080 IssueTime=081 DocumentTypeCode=082 DocumentType=083 XPath=084 LanguageID=085 LocaleCode=086
OriginatorDocumentReference: VersionID=087 DocumentStatusCode=088 DocumentDescription=089 +Attachment=090 +ValidityPeriod=091 +IssuerParty=092
OriginatorDocumentReference: +ResultOfVerification=093
ContractDocumentReference: CopyIndicator=094 UUID=095 IssueDate=096 IssueTime=097 DocumentTypeCode=098 DocumentType=099 XPath=100 LanguageID=101 LocaleCode=102
ContractDocumentReference: VersionID=103 DocumentStatusCode=104 DocumentDescription=105 +Attachment=106 +ValidityPeriod=107 +IssuerParty=108
ContractDocumentReference: +ResultOfVerification=109
AdditionalDocumentReference: CopyIndicator=110 UUID=111 IssueDate=112 IssueTime=113 DocumentType=114 XPath=115 LanguageID=116 LocaleCode=117 VersionID=118
AdditionalDocumentReference: DocumentStatusCode=119 +ValidityPeriod=131 +IssuerParty=132 +ResultOfVerification=133
AdditionalDocumentReference/Attachment/ExternalReference: DocumentHash=121 HashAlgorithmMethod=122 ExpiryDate=123 ExpiryTime=124 MimeCode=125 FormatCode=126
AdditionalDocumentReference/Attachment/ExternalReference: EncodingCode=127 CharacterSetCode=128 FileName=129 Description=130
ProjectReference: UUID=134 IssueDate=135 +WorkPhaseReference=136
AccountingSupplierParty: CustomerAssignedAccountID=138 AdditionalAccountID=139 DataSendingCapability=140 +DespatchContact=198 +AccountingContact=199
AccountingSupplierParty: +SellerContact=200
AccountingSupplierParty/Party: MarkCareIndicator=141 MarkAttentionIndicator=142 WebsiteURI=143 LogoReferenceID=144 IndustryClassificationCode=145 +Language=146
AccountingSupplierParty/Party: +PhysicalLocation=168 +Person=193 +AgentParty=194 +ServiceProviderParty=195 +PowerOfAttorney=196 +FinancialAccount=197
AccountingSupplierParty/Party/PostalAddress: ID=147 AddressTypeCode=148 AddressFormatCode=149 Postbox=150 Floor=151 Room=152 BlockName=153 BuildingName=154
AccountingSupplierParty/Party/PostalAddress: BuildingNumber=155 InhouseMail=156 Department=157 MarkAttention=158 MarkCare=159 PlotIdentification=160
AccountingSupplierParty/Party/PostalAddress: CitySubdivisionName=161 CountrySubentityCode=162 Region=163 District=164 TimezoneOffset=165 +LocationCoordinate=167
AccountingSupplierParty/Party/PostalAddress/Country: Name=166
AccountingSupplierParty/Party/PartyTaxScheme: RegistrationName=169 TaxLevelCode=170 ExemptionReasonCode=171 ExemptionReason=172 +RegistrationAddress=173
AccountingSupplierParty/Party/PartyTaxScheme/TaxScheme: Name=174 TaxTypeCode=175 CurrencyCode=176 +JurisdictionRegionAddress=177
AccountingSupplierParty/Party/PartyLegalEntity: RegistrationDate=178 RegistrationExpirationDate=179 CompanyLegalFormCode=180 SoleProprietorshipIndicator=181
AccountingSupplierParty/Party/PartyLegalEntity: CompanyLiquidationStatusCode=182 CorporateStockAmount=183 FullyPaidSharesIndicator=184 +RegistrationAddress=185
AccountingSupplierParty/Party/PartyLegalEntity: +CorporateRegistrationScheme=186 +HeadOfficeParty=187 +ShareholderParty=188
AccountingSupplierParty/Party/Contact: ID=189 Telefax=190 Note=191 +OtherCommunication=192
AccountingCustomerParty: CustomerAssignedAccountID=201 SupplierAssignedAccountID=202 AdditionalAccountID=203 +DeliveryContact=262 +AccountingContact=263
AccountingCustomerParty: +BuyerContact=264
AccountingCustomerParty/Party: MarkCareIndicator=204 MarkAttentionIndicator=205 WebsiteURI=206 LogoReferenceID=207 IndustryClassificationCode=208 +Language=209
AccountingCustomerParty/Party: +PhysicalLocation=231 +Person=257 +AgentParty=258 +ServiceProviderParty=259 +PowerOfAttorney=260 +FinancialAccount=261
AccountingCustomerParty/Party/PostalAddress: ID=210 AddressTypeCode=211 AddressFormatCode=212 Postbox=213 Floor=214 Room=215 BlockName=216 BuildingName=217
AccountingCustomerParty/Party/PostalAddress: BuildingNumber=218 InhouseMail=219 Department=220 MarkAttention=221 MarkCare=222 PlotIdentification=223
AccountingCustomerParty/Party/PostalAddress: CitySubdivisionName=224 CountrySubentityCode=225 Region=226 District=227 TimezoneOffset=228 +LocationCoordinate=230
AccountingCustomerParty/Party/PostalAddress/Country: Name=229
AccountingCustomerParty/Party/PartyTaxScheme: RegistrationName=232 TaxLevelCode=233 ExemptionReasonCode=234 ExemptionReason=235 +RegistrationAddress=236
AccountingCustomerParty/Party/PartyTaxScheme/TaxScheme: Name=237 TaxTypeCode=238 CurrencyCode=239 +JurisdictionRegionAddress=240
AccountingCustomerParty/Party/PartyLegalEntity: RegistrationDate=241 RegistrationExpirationDate=242 CompanyLegalFormCode=243 CompanyLegalForm=244
AccountingCustomerParty/Party/PartyLegalEntity: SoleProprietorshipIndicator=245 CompanyLiquidationStatusCode=246 CorporateStockAmount=247
AccountingCustomerParty/Party/PartyLegalEntity: FullyPaidSharesIndicator=248 +RegistrationAddress=249 +CorporateRegistrationScheme=250 +HeadOfficeParty=251
AccountingCustomerParty/Party/PartyLegalEntity: +ShareholderParty=252
AccountingCustomerParty/Party/Contact: ID=253 Telefax=254 Note=255 +OtherCommunication=256
PayeeParty: MarkCareIndicator=265 MarkAttentionIndicator=266 WebsiteURI=267 LogoReferenceID=268 EndpointID=269 IndustryClassificationCode=270 +Language=271
PayeeParty: +PostalAddress=272 +PhysicalLocation=273 +PartyTaxScheme=274 +Contact=288 +Person=289 +AgentParty=290 +ServiceProviderParty=291 +PowerOfAttorney=292
PayeeParty: +FinancialAccount=293
PayeeParty/PartyLegalEntity: RegistrationName=275 RegistrationDate=276 RegistrationExpirationDate=277 CompanyLegalFormCode=278 CompanyLegalForm=279
PayeeParty/PartyLegalEntity: SoleProprietorshipIndicator=280 CompanyLiquidationStatusCode=281 CorporateStockAmount=282 FullyPaidSharesIndicator=283
PayeeParty/PartyLegalEntity: +RegistrationAddress=284 +CorporateRegistrationScheme=285 +HeadOfficeParty=286 +ShareholderParty=287
TaxRepresentativeParty: MarkCareIndicator=296 MarkAttentionIndicator=297 WebsiteURI=298 LogoReferenceID=299 EndpointID=300 IndustryClassificationCode=301
TaxRepresentativeParty: +PartyIdentification=302 +Language=303 +PhysicalLocation=325 +PartyLegalEntity=335 +Contact=336 +Person=337 +AgentParty=338
TaxRepresentativeParty: +ServiceProviderParty=339 +PowerOfAttorney=340 +FinancialAccount=341
TaxRepresentativeParty/PostalAddress: ID=304 AddressTypeCode=305 AddressFormatCode=306 Postbox=307 Floor=308 Room=309 BlockName=310 BuildingName=311
TaxRepresentativeParty/PostalAddress: BuildingNumber=312 InhouseMail=313 Department=314 MarkAttention=315 MarkCare=316 PlotIdentification=317 CitySubdivisionName=318
TaxRepresentativeParty/PostalAddress: CountrySubentityCode=319 Region=320 District=321 TimezoneOffset=322 +LocationCoordinate=324
TaxRepresentativeParty/PostalAddress/Country: Name=323
TaxRepresentativeParty/PartyTaxScheme: RegistrationName=326 TaxLevelCode=327 ExemptionReasonCode=328 ExemptionReason=329 +RegistrationAddress=330
TaxRepresentativeParty/PartyTaxScheme/TaxScheme: Name=331 TaxTypeCode=332 CurrencyCode=333 +JurisdictionRegionAddress=334
Delivery: ID=342 Quantity=343 MinimumQuantity=344 MaximumQuantity=345 ActualDeliveryTime=346 LatestDeliveryDate=347 LatestDeliveryTime=348 ReleaseID=349
Delivery: TrackingID=350 +AlternativeDeliveryLocation=382 +RequestedDeliveryPeriod=383 +EstimatedDeliveryPeriod=384 +CarrierParty=385 +NotifyParty=404 +Despatch=405
Delivery: +DeliveryTerms=406 +MinimumDeliveryUnit=407 +MaximumDeliveryUnit=408 +Shipment=409 +DeliveryAddress=682
Delivery/DeliveryLocation: Description=351 Conditions=352 CountrySubentity=353 CountrySubentityCode=354 LocationTypeCode=355 InformationURI=356 Name=357
Delivery/DeliveryLocation: +ValidityPeriod=358 +SubsidiaryLocation=380 +LocationCoordinate=381
Delivery/DeliveryLocation/Address: ID=359 AddressTypeCode=360 AddressFormatCode=361 Postbox=362 Floor=363 Room=364 BlockName=365 BuildingName=366 BuildingNumber=367
Delivery/DeliveryLocation/Address: InhouseMail=368 Department=369 MarkAttention=370 MarkCare=371 PlotIdentification=372 CitySubdivisionName=373
Delivery/DeliveryLocation/Address: CountrySubentityCode=374 Region=375 District=376 TimezoneOffset=377 +LocationCoordinate=379
Delivery/DeliveryLocation/Address/Country: Name=378
Delivery/DeliveryParty: MarkCareIndicator=386 MarkAttentionIndicator=387 WebsiteURI=388 LogoReferenceID=389 EndpointID=390 IndustryClassificationCode=391
Delivery/DeliveryParty: +PartyIdentification=392 +Language=393 +PostalAddress=394 +PhysicalLocation=395 +PartyTaxScheme=396 +PartyLegalEntity=397 +Contact=398
Delivery/DeliveryParty: +Person=399 +AgentParty=400 +ServiceProviderParty=401 +PowerOfAttorney=402 +FinancialAccount=403
PaymentMeans: ID=411 PaymentChannelCode=413 InstructionID=414 +CreditAccount=434 +TradeFinancing=451 InstructionNote=681
PaymentMeans/CardAccount: CardTypeCode=415 ValidityStartDate=416 ExpiryDate=417 IssuerID=418 IssueNumberID=419 CardChipCode=421 ChipApplicationID=422
PaymentMeans/PayeeFinancialAccount: AliasName=424 AccountTypeCode=425 AccountFormatCode=426 CurrencyCode=427 PaymentNote=428 +Country=433
PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch: Name=429 +Address=432
PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/FinancialInstitution: Name=430 +Address=431
PaymentMeans/PaymentMandate: MandateTypeCode=435 MaximumPaymentInstructionsNumeric=436 MaximumPaidAmount=437 SignatureID=438 +PayerParty=439 +ValidityPeriod=448
PaymentMeans/PaymentMandate: +PaymentReversalPeriod=449 +Clause=450
PaymentMeans/PaymentMandate/PayerFinancialAccount: Name=440 AliasName=441 AccountTypeCode=442 AccountFormatCode=443 CurrencyCode=444 PaymentNote=445
PaymentMeans/PaymentMandate/PayerFinancialAccount: +FinancialInstitutionBranch=446 +Country=447
PaymentTerms: ID=452 PaymentMeansID=453 PrepaidPaymentReferenceID=454 ReferenceEventCode=455 SettlementDiscountPercent=456 PenaltySurchargePercent=457
PaymentTerms: PaymentPercent=458 Amount=459 SettlementDiscountAmount=460 PenaltyAmount=461 PaymentTermsDetailsURI=462 PaymentDueDate=463 InstallmentDueDate=464
PaymentTerms: InvoicingPartyReference=465 +SettlementPeriod=466 +PenaltyPeriod=467 +ExchangeRate=468 +ValidityPeriod=469
AllowanceCharge: ID=471 PrepaidIndicator=472 SequenceNumeric=473 AccountingCostCode=474 AccountingCost=475 PerUnitAmount=476 +TaxTotal=488 +PaymentMeans=489
AllowanceCharge/TaxCategory: Name=477 BaseUnitMeasure=478 PerUnitAmount=479 TaxExemptionReasonCode=480 TaxExemptionReason=481 TierRange=482 TierRatePercent=483
AllowanceCharge/TaxCategory/TaxScheme: Name=484 TaxTypeCode=485 CurrencyCode=486 +JurisdictionRegionAddress=487
TaxTotal: RoundingAmount=494 TaxEvidenceIndicator=495 TaxIncludedIndicator=496
TaxTotal/TaxSubtotal: CalculationSequenceNumeric=497 TransactionCurrencyTaxAmount=498 Percent=499 BaseUnitMeasure=500 PerUnitAmount=501 TierRange=502
TaxTotal/TaxSubtotal: TierRatePercent=503
TaxTotal/TaxSubtotal/TaxCategory: Name=504 BaseUnitMeasure=505 PerUnitAmount=506 TierRange=507 TierRatePercent=508
TaxTotal/TaxSubtotal/TaxCategory/TaxScheme: Name=509 TaxTypeCode=510 CurrencyCode=511 +JurisdictionRegionAddress=512
LegalMonetaryTotal: PayableAlternativeAmount=514
Line: UUID=515 TaxPointDate=516 AccountingCostCode=517 PaymentPurposeCode=518 FreeOfChargeIndicator=519 +DespatchLineReference=529 +ReceiptLineReference=530
Line: +BillingReference=531 +PricingReference=548 +OriginatorParty=549 +Delivery=550 +PaymentTerms=551 +TaxTotal=561 +WithholdingTaxTotal=562 +DeliveryTerms=645
Line: +SubInvoiceLine=646 +ItemPriceExtension=647
Line/InvoicePeriod: StartTime=520 EndTime=521 DurationMeasure=522 DescriptionCode=523 Description=524
Line/OrderLineReference: SalesOrderLineID=525 UUID=526 LineStatusCode=527 +OrderReference=528
Line/DocumentReference: CopyIndicator=532 UUID=533 IssueDate=534 IssueTime=535 DocumentType=537 XPath=538 LanguageID=539 LocaleCode=540 VersionID=541
Line/DocumentReference: DocumentStatusCode=542 DocumentDescription=543 +Attachment=544 +ValidityPeriod=545 +IssuerParty=546 +ResultOfVerification=547
Line/AllowanceCharge: ID=552 PrepaidIndicator=553 SequenceNumeric=554 AccountingCostCode=555 AccountingCost=556 PerUnitAmount=557 +TaxCategory=558 +TaxTotal=559
Line/AllowanceCharge: +PaymentMeans=560
Line/Item: PackQuantity=563 PackSizeNumeric=564 CatalogueIndicator=565 HazardousRiskIndicator=566 AdditionalInformation=567 Keyword=568 BrandName=569 ModelName=570
Line/Item: +ManufacturersItemIdentification=581 +CatalogueItemIdentification=587 +AdditionalItemIdentification=588 +CatalogueDocumentReference=589
Line/Item: +ItemSpecificationDocumentReference=590 +TransactionConditions=595 +HazardousItem=596 +ManufacturerParty=619 +InformationContentProviderParty=620
Line/Item: +OriginAddress=621 +ItemInstance=622 +Certificate=623 +Dimension=624
Line/Item/BuyersItemIdentification: ExtendedID=571 BarcodeSymbologyID=572 +PhysicalAttribute=573 +MeasurementDimension=574 +IssuerParty=575
Line/Item/SellersItemIdentification: ExtendedID=576 BarcodeSymbologyID=577 +PhysicalAttribute=578 +MeasurementDimension=579 +IssuerParty=580
Line/Item/StandardItemIdentification: ExtendedID=582 BarcodeSymbologyID=583 +PhysicalAttribute=584 +MeasurementDimension=585 +IssuerParty=586
Line/Item/OriginCountry: Name=591
Line/Item/CommodityClassification: NatureCode=592 CargoTypeCode=593 CommodityCode=594
Line/Item/ClassifiedTaxCategory: Name=597 BaseUnitMeasure=598 PerUnitAmount=599 TaxExemptionReasonCode=600 TaxExemptionReason=601 TierRange=602 TierRatePercent=603
Line/Item/ClassifiedTaxCategory/TaxScheme: Name=604 TaxTypeCode=605 CurrencyCode=606 +JurisdictionRegionAddress=607
Line/Item/AdditionalItemProperty: ID=608 NameCode=609 TestMethod=610 ValueQuantity=611 ValueQualifier=612 ImportanceCode=613 ListValue=614 +UsabilityPeriod=615
Line/Item/AdditionalItemProperty: +ItemPropertyGroup=616 +RangeDimension=617 +ItemPropertyRange=618
Line/Price: PriceChangeReason=625 PriceTypeCode=626 PriceType=627 OrderableUnitFactorRate=628 ValidityPeriod=629 PriceList=630 +PricingExchangeRate=644
Line/Price/AllowanceCharge: ID=632 AllowanceChargeReasonCode=633,669 AllowanceChargeReason=634,670 MultiplierFactorNumeric=635,671 PrepaidIndicator=636
Line/Price/AllowanceCharge: SequenceNumeric=637 AccountingCostCode=638 AccountingCost=639 PerUnitAmount=640 +TaxCategory=641 +TaxTotal=642 +PaymentMeans=643
CustomizationID: @schemeID=648
ProfileID: @schemeID=649
ID: @schemeID=650
SalesOrderID: @schemeID=651
PaymentMeans/PaymentID: @schemeID=653
PaymentMeans/PayeeFinancialAccount/ID: @schemeID=654
PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/ID: @schemeID=655
InvoiceTypeCode: @listID=656
DocumentCurrencyCode: @listID=657
TaxCurrencyCode: @listID=658
AdditionalDocumentReference/DocumentTypeCode: @listID=659
PaymentMeans/PaymentMeansCode: @listID=661
CreditNoteTypeCode: @listID=672
PaymentMeans: PaymentDueDate=412 +PayerFinancialAccount=680
PaymentMeans/CardAccount: CV2ID=420
PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch: +FinancialInstitution=664
PaymentMeans/PaymentMandate/PayerFinancialAccount/FinancialInstitutionBranch: +FinancialInstitution=664
AccountingSupplierParty/Party/PartyTaxScheme/CompanyID|AccountingCustomerParty/Party/PartyTaxScheme/CompanyID|TaxRepresentativeParty/PartyTaxScheme/CompanyID: @schemeID=652
AccountingSupplierParty/Party/PostalAddress/Country/IdentificationCode|AccountingCustomerParty/Party/PostalAddress/Country/IdentificationCode|TaxRepresentativeParty/PostalAddress/Country/IdentificationCode|Delivery/DeliveryLocation/Address/Country/IdentificationCode: @listID=660
AllowanceCharge/AllowanceChargeReasonCode|Line/AllowanceCharge/AllowanceChargeReasonCode: @listID=662
Line/Item/BuyersItemIdentification/ID: @schemeID=667
Line/Item/SellersItemIdentification/ID: @schemeID=668
PaymentMeans/CardAccount/PrimaryAccountNumberID: @schemeID=674
PaymentMeans/CardAccount/NetworkID: @schemeID=675
PaymentMeans/PaymentMandate/ID: @schemeID=676
PaymentMeans/PaymentMandate/PayerFinancialAccount/ID: @schemeID=677
TaxTotal/TaxSubtotal/TaxCategory/ID|AllowanceCharge/TaxCategory/ID: @schemeID=678
Line/Item/ClassifiedTaxCategory/ID: @schemeID=679`;

const LIMITS = `
SR-01 0 1 . ContractDocumentReference/ID
SR-02 0 1 . ReceiptDocumentReference/ID
SR-03 0 1 . DespatchDocumentReference/ID
SR-05 0 1 . PaymentTerms/Note
SR-06 0 1 BillingReference +InvoiceDocumentReference
SR-07 1 * BillingReference InvoiceDocumentReference/ID
SR-08 0 1 . +InvoicePeriod
SR-09 0 1 . AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName
SR-10 0 1 . AccountingSupplierParty/Party/PartyName/Name
SR-11 0 1 . AccountingSupplierParty/Party/PartyLegalEntity/CompanyID
SR-14 0 1 . AccountingSupplierParty/Party/PartyLegalEntity/CompanyLegalForm
SR-15 0 1 . AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName
SR-16 0 1 . AccountingCustomerParty/Party/PartyIdentification/ID
SR-17 0 1 . AccountingCustomerParty/Party/PartyLegalEntity/CompanyID
SR-22 0 1 TaxRepresentativeParty PartyName/Name
SR-24 0 1 . +Delivery
SR-25 0 1 Delivery DeliveryParty/PartyName/Name
SR-26 0 1 PaymentMeans PaymentID
SR-27 0 1 PaymentMeans PaymentMeansCode
SR-28 0 1 PaymentMeans PaymentMandate/ID
SR-32 0 1 TaxTotal/TaxSubtotal TaxCategory/TaxExemptionReason
SR-33 0 1 AdditionalDocumentReference DocumentDescription
SR-34 0 1 Line Note
SR-35 0 1 Line OrderLineReference/LineID
SR-36 0 1 Line +InvoicePeriod
SR-37 0 1 Line Price/AllowanceCharge/Amount
SR-39 0 1 . ProjectReference/ID
SR-40 0 1 . AccountingCustomerParty/Party/PartyName/Name
SR-42 0 2 AccountingSupplierParty/Party +PartyTaxScheme
SR-45 0 1 . PaymentMeans/PaymentDueDate
SR-48 1 1 Line Item/+ClassifiedTaxCategory
SR-49 0 1 . InvoicePeriod/DescriptionCode
SR-50 0 1 Line Item/Description
SR-51 0 1 AccountingSupplierParty/Party/PostalAddress|AccountingCustomerParty/Party/PostalAddress|TaxRepresentativeParty/PostalAddress|Delivery/DeliveryLocation/Address +AddressLine
SR-52 0 1 Line +DocumentReference
SR-54 0 1 . PaymentMeans/+CardAccount
SR-55 0 1 . PaymentMeans/+PaymentMandate`;

const ATTRIBUTES = `
* schemeName DT-08
* schemeAgencyName DT-09
* schemeDataURI DT-10
* schemeURI DT-11
* format DT-12
* unitCodeListIdentifier DT-13
* unitCodeListAgencyIdentifier DT-14
* unitCodeListAgencyName DT-15
* listAgencyName DT-16
* listName DT-17
* languageID DT-19
* listURI DT-20
* listSchemeURI DT-21
* languageLocaleID DT-22
* uri DT-23
* currencyCodeListVersionID DT-24
* characterSetCode DT-25
* encodingCode DT-26
* schemeAgencyID DT-27
* listAgencyID DT-28
* name DT-18 -PaymentMeansCode
* unitCodeListID 663`;

/** UBL-CR, UBL-SR and UBL-DT of the CEN validation artefacts 1.3.16, as far as they speak of the syntax alone. */
export const UBL_STRUCTURE = unpack({ forbidden: FORBIDDEN, limits: LIMITS, attributes: ATTRIBUTES, codeOf: (short) => (/^\d/u.test(short) ? `UBL-CR-${short}` : `UBL-${short}`) });
