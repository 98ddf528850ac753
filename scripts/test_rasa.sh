#!/bin/sh
# Trains and serves a real Rasa and runs the tests marked `rasa` against it: usage test_rasa.sh PYTHON.
# Without a Python that Rasa can use this fails: nothing is left out unseen.
set -eu

sh nlu/rasa/setup.sh
noskip=""
case "${CI:-}" in true | 1) noskip="-p tests.ci_noskip" ;; esac
# shellcheck disable=SC2086
"$1" -m pytest -m rasa --no-header $noskip tests/nlu/test_rasa_real.py
