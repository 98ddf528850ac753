#!/bin/sh
# Serves the trained model on this machine only; RASA_PORT changes the port.
set -eu
cd "$(dirname "$0")"
RASA_TELEMETRY_ENABLED=false exec .venv/bin/rasa run --enable-api --model models/yulu.tar.gz \
    --endpoints endpoints.yml --interface 127.0.0.1 --port "${RASA_PORT:-5005}"
