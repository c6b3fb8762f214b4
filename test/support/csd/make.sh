#!/bin/bash
# Makes the throwaway certificates of the demonstration and of the tests, worth nothing to anybody: an authority that only this
# project knows, certificates in the form of the SAT's (serial = digits in ASCII, RFC in x500UniqueIdentifier), keys for all to see.
# Run by hand when one has to change (bash test/support/csd/make.sh); what it writes is committed, so nobody else needs openssl.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

config() { # name, RFC as in the subject, key usage, extended key usage
  cat <<CONFIG
[req]
prompt = no
utf8 = yes
string_mask = utf8only
distinguished_name = subject
[subject]
commonName = $1
name = $1
organizationName = $1
x500UniqueIdentifier = $2
organizationalUnitName = Folio throwaway
[usage]
basicConstraints = $5
keyUsage = $3
$4
[ca]
default_ca = authority
[authority]
database = $work/index.txt
new_certs_dir = $work
serial = $work/serial
default_md = sha256
policy = anything
unique_subject = no
copy_extensions = none
x509_extensions = usage
[anything]
commonName = supplied
name = optional
organizationName = optional
x500UniqueIdentifier = optional
organizationalUnitName = optional
CONFIG
}

authority() { # file, name
  config "$2" 'SAT970701NN3' 'keyCertSign, cRLSign' '' 'critical, CA:true' > "$1.cnf"
  openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1.key"
  openssl req -x509 -new -key "$1.key" -config "$1.cnf" -extensions usage -days 9500 -sha256 -out "$1.pem"
}

SEAL='digitalSignature, nonRepudiation'
certificate() { # file, number, name, identifier, from, until, bits, key usage, extended, authority
  config "$3" "$4" "$8" "$9" 'CA:false' > "$1.cnf"
  openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:$7" -out "$1.key"
  openssl req -new -key "$1.key" -config "$1.cnf" -out "$1.csr"
  : > index.txt
  printf '%s' "$2" | od -An -tx1 | tr -d ' \n' > serial
  openssl ca -batch -notext -config "$1.cnf" -cert "${10}.pem" -keyfile "${10}.key" -startdate "$5" -enddate "$6" -in "$1.csr" -out "$1.pem" 2> /dev/null
}

key_of() { openssl pkcs8 -topk8 -nocrypt -in "$1.key" -outform DER | base64 -w 0; }
cer_of() { openssl x509 -in "$1.pem" -outform DER | base64 -w 0; }
wrapped() { fold -w 150 | sed "s/.*/    + '&'/; 1s/    + /    /"; }

entry() { # file, number
  printf "  {\n    number: '%s',\n    certificate:\n%s,\n    key:\n%s,\n  },\n" "$2" "$(cer_of "$1" | wrapped)" "$(key_of "$1" | wrapped)"
}

from=20200101000000Z
until=20450101000000Z
authority folio 'AUTORIDAD DE DEMOSTRACION DE FOLIO'
authority other 'OTRA AUTORIDAD DE DEMOSTRACION'
certificate fda 30001000000500000001 'FERRETERIA DEMO DEL ALTIPLANO' 'FDA180301QX7 / DEMA900228MN9' $from $until 2048 "$SEAL" '' folio
certificate pdn 30001000000500000002 'PAPELERIA DEMO DEL NORTE' 'PDN200615RV4 / DEMA900228MN9' $from $until 2048 "$SEAL" '' folio
certificate cds 30001000000500000003 'CAFE DEMO DEL SURESTE' 'CDS190822TB3 / DEMA900228MN9' $from $until 2048 "$SEAL" '' folio
certificate pac 30001000000500000000 'PROVEEDOR DEMO DE CERTIFICACION' 'PDE150101AB1' $from $until 2048 "$SEAL" '' folio
certificate stranger 30001000000500000011 'TALLERES DEMO MEXICANOS' 'TDM170930JK6 / DEMA900228MN9' $from $until 2048 "$SEAL" '' folio
certificate efirma 30001000000500000012 'FERRETERIA DEMO DEL ALTIPLANO' 'FDA180301QX7 / DEMA900228MN9' $from $until 2048 \
  'digitalSignature, nonRepudiation, dataEncipherment, keyAgreement' 'extendedKeyUsage = emailProtection, clientAuth' folio
certificate expired 30001000000500000013 'FERRETERIA DEMO DEL ALTIPLANO' 'FDA180301QX7 / DEMA900228MN9' 20180301000000Z 20220301000000Z 2048 "$SEAL" '' folio
certificate weak 30001000000500000014 'FERRETERIA DEMO DEL ALTIPLANO' 'FDA180301QX7 / DEMA900228MN9' $from $until 1024 "$SEAL" '' folio
certificate foreign 30001000000500000015 'FERRETERIA DEMO DEL ALTIPLANO' 'FDA180301QX7 / DEMA900228MN9' $from $until 2048 "$SEAL" '' other

{
  echo "import type { ThrowawayPair } from './pair.js';"
  echo
  echo '/**'
  echo ' * THROWAWAY certificates and keys of the demonstration, public and worth nothing: issuers in the order of `ISSUERS`, then the provider.'
  echo ' * Made by test/support/csd/make.sh.'
  echo ' */'
  echo 'export const THROWAWAY_PAIRS: readonly [ThrowawayPair, ThrowawayPair, ThrowawayPair, ThrowawayPair] = ['
  entry fda 30001000000500000001; entry pdn 30001000000500000002; entry cds 30001000000500000003; entry pac 30001000000500000000
  echo '];'
} > "$here/../../../cli/demo/seals/throwaway.ts"

{
  echo "import type { ThrowawayPair } from '../../../cli/demo/seals/pair.js';"
  echo
  echo '/** THROWAWAY certificates and keys of the tests, public and worth nothing. Made by make.sh. */'
  for name in stranger:11 efirma:12 expired:13 weak:14 foreign:15; do
    echo
    file=${name%%:*}
    echo "export const ${file^^}: ThrowawayPair = {"
    entry "$file" "300010000005000000${name##*:}" | sed '1d; $ s/},/};/; s/^  //'
  done
  echo
  for file in folio other; do
    printf '/** The certificate of an authority of its own, DER in base64. */\nexport const %s_AUTHORITY =\n%s;\n' "${file^^}" "$(cer_of "$file" | wrapped)"
  done
} > "$here/throwaway.ts"
