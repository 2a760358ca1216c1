#!/usr/bin/env bash
# A company's telephone with its extension is another number, or none.
#
# Guess: the library that knows the numbers of all countries reads an extension as Chinese letters write it, and finds
#   that two numbers of one switchboard are the same.
# Seen on 28 November 2026, phonenumbers==9.0.34: 020-38765432-801 is read as the number 02038765432801, not valid,
#   without an extension; 020-38765432转801 is "not a phone number"; with "ext." it is read. Two numbers parted by a
#   stroke are too long, a service number of five digits is not valid, and 0020-38765432 is a valid number in Egypt.
# So: what two companies share is compared as text first, and an extension is cut before a number is.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'phonenumbers==9.0.34'
cd "$work"
"$work/venv/bin/python" - <<'PY'
import phonenumbers


def seen(text):
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException as refused:
        return type(refused).__name__
    return number.country_code, number.national_number, number.extension, phonenumbers.is_valid_number(number)


expected = {
    "020-38765432": (86, 2038765432, None, True),
    "020-38765432 ext. 801": (86, 2038765432, "801", True),
    "020-38765432-801": (86, 2038765432801, None, False),
    "020-38765432转801": "NumberParseException",
    "020-38765432/38765433": "NumberParseException",
    "95588": (86, 95588, None, False),
    "0020-38765432": (20, 38765432, None, True),
}
for text, reading in expected.items():
    print(text, seen(text))
    assert seen(text) == reading
PY
