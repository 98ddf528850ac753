"""The library that runs the encoder would report to its maker; here it reports to nobody."""

import os
import subprocess
import sys
from pathlib import Path


def test_the_encoder_leaves_no_trace_of_a_report(tmp_path: Path) -> None:
    import_it = "import nlu.classify.encoder, time; time.sleep(0.3)"
    surroundings = {**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    surroundings.pop("ORT_DISABLE_TELEMETRY", None)
    subprocess.run([sys.executable, "-c", import_it], env=surroundings, check=True)
    assert list(tmp_path.rglob("*")) == []
