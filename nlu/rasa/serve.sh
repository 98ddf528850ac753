#!/bin/sh
# Serves the trained model on this machine only, to whoever knows RASA_TOKEN.
# RASA_PORT changes the port, RASA_MODEL the model file, RASA_INTERFACE the address (for the container).
set -eu
cd "$(dirname "$0")"
model="${RASA_MODEL:-models/yulu.tar.gz}"
if [ -z "${RASA_TOKEN:-}" ]; then
    echo "请先设 RASA_TOKEN（一串密码），育路用同一串 / set RASA_TOKEN first, the same for Yulu" >&2
    exit 1
fi
if [ ! -f "$model" ]; then # Rasa would silently serve the newest archive of the folder instead
    echo "没有模型文件 $model，先运行 make rasa-train / no such model, run make rasa-train first" >&2
    exit 1
fi
RASA_TELEMETRY_ENABLED=false exec .venv/bin/rasa run --enable-api --model "$model" \
    --endpoints endpoints.yml --interface "${RASA_INTERFACE:-127.0.0.1}" --port "${RASA_PORT:-5005}" \
    --auth-token "$RASA_TOKEN"
