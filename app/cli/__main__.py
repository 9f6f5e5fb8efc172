"""`python -m app.cli`: the same program, before it is installed."""

import sys

from app.cli.main import main

sys.exit(main())
