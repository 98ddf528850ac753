"""`python -m bot`: the command line."""

import sys

# Kept even where the machine says otherwise: to compile our files takes a second at every start.
sys.dont_write_bytecode = False

from bot.cli.main import cli  # noqa: E402

if __name__ == "__main__":
    cli()
