"""Write the sample companies, or check that the committed files are what this script writes.

    python sample_data/make_sample.py            write all generated files beside this script
    python sample_data/make_sample.py --check    compare instead of writing; exit code 1 when a file differs
    python sample_data/make_sample.py --out DIR  write elsewhere

Every company is invented. The seed is fixed, so the same script writes the same bytes; dataset.yaml, fund.yaml and
the README are written by hand.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from fiction import cast, files, flaws, gaps, incidents, portfolio, sheets  # noqa: E402
from fiction.firm import AS_OF  # noqa: E402


def generate() -> tuple[dict[str, bytes], sheets.Sheets]:
    """Invent everything: file name → bytes, and the sheets behind the files."""
    firms = cast.cast()
    incidents.befall(firms, AS_OF)
    for number, amount, currency in ((40, 1e6, "美元"), (90, 5e6, "港元"), (140, 3e6, "欧元"), (260, 5e7, "日元")):
        firms[number].capital, firms[number].currency = amount, currency
    held = portfolio.holdings(firms)
    gaps.forget(firms)
    made = sheets.write_rows(firms)
    made.holdings = held
    flaws.sow(made)
    return files.contents(made), made


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Write or check the sample companies.")
    parser.add_argument("--check", action="store_true", help="compare the committed files with regenerated ones")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to or to check")
    arguments = parser.parse_args()
    contents, made = generate()
    if arguments.check:
        differing = [name for name, data in contents.items()
                     if not (arguments.out / name).is_file() or (arguments.out / name).read_bytes() != data]
        for name in differing:
            print(f"{name}: not what make_sample.py writes; run it again and commit the result", file=sys.stderr)
        return 1 if differing else 0
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        (arguments.out / name).write_bytes(data)
    # The README states these counts; the tests compare.
    print(f"{sum(map(len, contents.values())) / 1e6:.2f} MB")
    for title, counts in (("companies", made.companies), ("rows", made.children)):
        print(title + ": " + ", ".join(f"{name} {len(rows)}" for name, rows in counts.items()))
    for flaw, count in sorted(Counter(flaw for flaw, *_ in made.flaws).items()):
        print(f"  {flaw}: {count}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
