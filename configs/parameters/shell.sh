#!/bin/sh
# Finds the tool and the level that make this file smallest: a program that `nas` tunes
# without any JSON library. It reads one line of JSON a trial and answers with progress and a result.
self=$0
field() { printf '%s' "$1" | sed -n "s/.*\"$2\":\"\{0,1\}\([^,}\"]*\).*/\1/p"; }
while read -r trial; do
  tool=$(field "$trial" tool)
  level=$(field "$trial" level)
  echo "trying $tool -$level" >&2
  echo '{"progress": 1, "metrics": {}}'
  read -r answer
  case $answer in *true*) echo '{"error": "stopped"}'; continue ;; esac
  bytes=$("$tool" "-$level" -c "$self" | wc -c)
  echo "{\"metrics\": {\"bytes\": $bytes}}"
done
