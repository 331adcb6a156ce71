#!/bin/sh
# Writes test/lib/adapters/kafka/golden/*.json: what the Java client of Kafka 3.9 and 4.1 writes for the values in
# cases.json. Run it when cases.json changes; the fixtures are committed, so tests need neither Java nor Maven.
set -eu
cd "$(dirname "$0")"
out=../../test/lib/adapters/kafka/golden
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
rm -f "$out"/*.json
for version in 3.9.1 4.1.1; do
  mvn -q -B -f pom.xml -Dkafka.version=$version dependency:build-classpath -Dmdep.outputFile="$work/cp"
  java -XX:TieredStopAtLevel=1 -cp "$(cat "$work/cp")" GoldenBytes.java cases.json "$out" "$version"
done
npx prettier --log-level warn --write "$out/*.json"
