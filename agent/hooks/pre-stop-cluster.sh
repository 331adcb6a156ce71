#!/bin/sh
# A pre-stop hook for `klinic roll restart`: says no while `klinic cluster check` finds anything wrong. The gate of the roll
# judges what a restart may hurt; this is for those who want every named check to be clean before each stop.
#
#   KLINIC_CLUSTER=prod klinic roll restart --cluster prod --local --pre-stop agent/hooks/pre-stop-cluster.sh
set -eu
exec klinic cluster check --no-input
