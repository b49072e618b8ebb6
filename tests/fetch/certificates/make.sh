#!/bin/sh
# Makes authority.pem, an authority of nobody's, and what it signed: signed.pem for 127.0.0.1 and
# elsewhere.pem for another name, each with its key. In this folder: sh make.sh
set -eu
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
note='For tests on the loopback only: a key that is no secret, and what authority.pem signed.'
# Of openssl's commands this one alone takes dates, which must not hang on a machine's clock.
cat > "$work/config" <<END
[ca]
default_ca = own
[own]
database = $work/index
new_certs_dir = $work
rand_serial = yes
default_md = sha256
default_startdate = 20250101000000Z
default_enddate = 21250101000000Z
policy = any
[any]
commonName = supplied
[of_authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
END
: > "$work/index"

request() { # name, what it is called
    openssl ecparam -name prime256v1 -genkey -noout -out "$work/$1.key"
    openssl req -new -key "$work/$1.key" -subj "/CN=$2" -out "$work/$1.csr"
}
sign() { # name, section of extensions, and more options
    name=$1 section=$2
    shift 2
    openssl ca -batch -notext -config "$work/config" -extensions "$section" \
        -in "$work/$name.csr" -out "$work/$name.crt" -keyfile "$work/authority.key" "$@"
}
signed() { # name, subjectAltName
    request "$1" "$1"
    cat >> "$work/config" <<END
[of_$1]
subjectAltName = $2
basicConstraints = critical,CA:FALSE
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
END
    sign "$1" "of_$1" -cert "$work/authority.crt"
    { echo "$note"; cat "$work/$1.key" "$work/$1.crt"; } > "$1.pem"
}

request authority 'An authority for tests'
sign authority of_authority -selfsign
{
    echo 'For tests on the loopback only: an authority whose key was thrown away. Försök.'
    cat "$work/authority.crt"
} > authority.pem
signed signed IP:127.0.0.1
signed elsewhere DNS:elsewhere.example
