#!/bin/sh
# /usr/local/sbin/verenigingsloket: any other command as the service's own user, with its settings, key and data, whether
# the service runs or not. A file to read stands in /var/lib/verenigingsloket.
#   verenigingsloket voorbeeld opdracht > /usr/local/sbin/verenigingsloket
#   chmod 755 /usr/local/sbin/verenigingsloket
#   verenigingsloket import associations lijst.xlsx --municipality Aalter
exec systemd-run --quiet --pipe --wait --collect \
  --property=DynamicUser=yes --property=User=verenigingsloket --property=UMask=0077 \
  --property=StateDirectory=verenigingsloket --property=StateDirectoryMode=0700 \
  --property=WorkingDirectory=/var/lib/verenigingsloket \
  --property=EnvironmentFile=-/etc/verenigingsloket/omgeving \
  --property=LoadCredential=kluis.sleutel:/etc/verenigingsloket/kluis.sleutel \
  sh -c 'export VERENIGINGSLOKET_DATA=$STATE_DIRECTORY
    export VERENIGINGSLOKET_VAULT_KEY_FILE=$CREDENTIALS_DIRECTORY/kluis.sleutel
    exec /opt/verenigingsloket/bin/verenigingsloket "$@"' verenigingsloket "$@"
