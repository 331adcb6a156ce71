#!/bin/sh
# A pre-stop or post-start hook for `klinic roll restart`: says no (exit 6 of the roll) unless the consumer groups named in
# KLINIC_HOOK_GROUPS are well within KLINIC_HOOK_RETRIES looks, KLINIC_HOOK_WAIT apart. Runs where klinic is installed:
#
#   export KLINIC_HOOK_GROUPS='billing shipping' KLINIC_CLUSTER=prod
#   klinic roll restart --cluster prod --local --pre-stop agent/hooks/pre-stop-consumers.sh
#
# With KLINIC_BURROW (the address of the cluster in Burrow's HTTP API v3) Burrow is asked, else the cluster itself.
set -eu
: "${KLINIC_HOOK_GROUPS:?name the consumer groups, separated by spaces}"
echo "broker ${KLINIC_BROKER_ID:-?} (${KLINIC_INDEX:-?} of ${KLINIC_TOTAL:-?}), ${KLINIC_PHASE:-by hand}: ${KLINIC_HOOK_GROUPS}"
# The groups are words on purpose.
# shellcheck disable=SC2086
exec klinic consumer health ${KLINIC_HOOK_GROUPS} --no-input \
  --wait "${KLINIC_HOOK_WAIT:-30s}" --retries "${KLINIC_HOOK_RETRIES:-10}"
