"""Make the sample province and its accounts once, deliver what was not delivered yet; again adds
nothing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, default=5_000)
    subjects = str(parser.parse_args().subjects)
    yuexin = str(Path(sys.executable).with_name("yuexin"))
    sample = Path(os.environ["YUEXIN_HOME"]) / "sample"
    if not (sample / "manifest.json").exists():
        subprocess.run([yuexin, "sample", "--subjects", subjects, "--out", sample], check=True)
    subprocess.run([yuexin, "deliver", "--skip-known", sample], check=True)
    # An installation that holds something else, too, gets no accounts with known passwords.
    subprocess.run([yuexin, "account", "cast"], check=False)


if __name__ == "__main__":
    main()
