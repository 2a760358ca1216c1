"""The program from Python and from notebooks; the command line is built on it and on nothing else.

>>> from screening.api import load_pack
>>> pack = load_pack("guangdong-2024")
>>> pack.id, pack.version
('guangdong-2024', '2024.1')
>>> sorted(set(pack.rules()["kind"]))[:4]
['axis', 'classification', 'criterion', 'deduction']
>>> pack.rule("staff_count").reads
()
>>> pack.names("en")["staff_count"]
'Staff'

A pack is loaded, checked, tested, previewed and migrated; data are read and looked at; a screening gives a run; a run is asked. Each command of
`screen` is one call here, its answer a typed object (`screening.api.answers`) that `plain` turns into plain data and `write` into a page.

Frames are polars; other libraries take them through `to_arrow` or the Arrow stream that each frame offers. Names here are stable: added,
never renamed. Errors are those of `screening.errors`, each with every problem found. What a call needs is loaded when it is made.
"""

from screening.api.asked import holding
from screening.api.data import Data, Draft, inspect, read
from screening.api.pack import (
    Check,
    Pack,
    Rule,
    check,
    init,
    load_pack,
    migrate,
    plan,
    schemas,
    statements,
    test,
    watch,
)
from screening.api.questions import (
    Evaluated,
    Verified,
    diff,
    evaluate,
    make_key,
    plain,
    propose,
    verify,
    write,
    write_checklists,
)
from screening.api.run import Company, Run, company_schema, find_run, open_run, screen
from screening.errors import ScreeningError
from screening.run.options import DEFAULT_DOSSIERS, DEFAULT_MEMORY, DEFAULT_PACK, LOCAL, SPARK

for _offered in (
    *(Check, Company, Data, Draft, Evaluated, Pack, Rule, Run, Verified),
    *(
        check,
        diff,
        evaluate,
        find_run,
        init,
        inspect,
        load_pack,
        make_key,
        migrate,
        open_run,
        plan,
        propose,
        read,
        screen,
    ),
    *(plain, schemas, company_schema, statements, test, verify, watch, write, write_checklists),
):
    globals()[_offered.__name__] = holding(_offered)

__all__ = [
    "DEFAULT_DOSSIERS",
    "DEFAULT_MEMORY",
    "DEFAULT_PACK",
    "LOCAL",
    "SPARK",
    "Check",
    "Company",
    "Data",
    "Draft",
    "Evaluated",
    "Pack",
    "Rule",
    "Run",
    "ScreeningError",
    "Verified",
    "check",
    "company_schema",
    "diff",
    "evaluate",
    "find_run",
    "init",
    "inspect",
    "load_pack",
    "make_key",
    "migrate",
    "open_run",
    "plain",
    "plan",
    "propose",
    "read",
    "schemas",
    "screen",
    "statements",
    "test",
    "verify",
    "watch",
    "write",
    "write_checklists",
]
