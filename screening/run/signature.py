"""A detached signature of a run: who made it, for a receiver who has the maker's public key from elsewhere.

Signed are the bytes of `manifest.json`, and that holds the hash of every other file. The file lies beside the run folder
(`<run>.sig`), so that the folder itself stays as it was made. Needs the optional extra `sign`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from screening.errors import RunError
from screening.foreign_file import read_file
from screening.run import manifest as manifests
from screening.run.restated import Finding
from screening.written_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

FORMAT, ALGORITHM = 1, "ed25519"
_PURPOSE = b"screen run manifest, version 1\n"
_MOST_BYTES = 1 << 16


def make_key(private: Path) -> Path:
    """Write a new private key, readable by its owner only, and the public key beside it (`.pub`), which is returned.

    Raises RunError when a file of the name exists or cannot be written.
    """
    ed25519, serialization = _library()
    key = ed25519.Ed25519PrivateKey.generate()
    public = private.with_name(private.name + ".pub")
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    shown = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    try:
        private.touch(mode=0o600, exist_ok=False)
        private.write_bytes(secret)
        with public.open("xb") as handle:
            handle.write(shown)
    except OSError as error:
        raise _problem(
            "sign/key", f"cannot write the key '{private.as_posix()}': {error.strerror or error}", "choose another name"
        ) from error
    return public


def sign(run_dir: Path, private: Path) -> Path:
    """Sign a run and return the file of the signature. Raises RunError for a folder that is no run or a key that is none."""
    manifests.read(run_dir)
    ed25519, serialization = _library()
    key = _key(private, lambda content: serialization.load_pem_private_key(content, None), ed25519.Ed25519PrivateKey)
    content = (run_dir / manifests.NAME).read_bytes()
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    record = {
        "format": FORMAT,
        "algorithm": ALGORITHM,
        "manifest_sha256": hashlib.sha256(content).hexdigest(),
        "public_key": base64.b64encode(public).decode(),
        "signature": base64.b64encode(key.sign(_PURPOSE + content)).decode(),
    }
    place = beside(run_dir)
    try:
        write_whole(place, json.dumps(record, indent=2) + "\n")
    except OSError as error:
        raise _problem(
            "sign/unwritable", f"cannot write '{place.as_posix()}': {error.strerror or error}", "sign a copy of the run"
        ) from error
    return place


def signed_by(run_dir: Path, public: Path, signature: Path | None = None) -> Finding:
    """Check the signature of a run against a public key. Raises RunError when key or signature cannot be read."""
    ed25519, serialization = _library()
    key = _key(public, serialization.load_pem_public_key, ed25519.Ed25519PublicKey)
    place = signature or beside(run_dir)
    what = f"signature {place.name}"
    try:
        record: Any = json.loads(read_file(place, most=_MOST_BYTES).decode())
        signed = base64.b64decode(record["signature"], validate=True)
        known = record["format"] == FORMAT and record["algorithm"] == ALGORITHM
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        return Finding(what, ok=False, detail=f"it cannot be read: {error}")
    if not known:
        return Finding(what, ok=False, detail="its form is not known to this version")
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an optional extra

    try:
        key.verify(signed, _PURPOSE + (run_dir / manifests.NAME).read_bytes())
    except InvalidSignature:
        return Finding(what, ok=False, detail=f"it was not made with the key of '{public.name}' for this manifest")
    return Finding(what, ok=True, detail=f"made with the key of '{public.name}'")


def beside(run_dir: Path) -> Path:
    """Return where the signature of a run lies."""
    folder = run_dir.resolve()
    return folder.with_name(folder.name + ".sig")


def _key(path: Path, load: Any, kind: Any) -> Any:
    try:
        key = load(read_file(path, most=_MOST_BYTES))
    except (OSError, ValueError, TypeError) as error:
        raise _problem(
            "sign/key",
            f"cannot use the key '{path.as_posix()}': {error}",
            "give an Ed25519 key in PEM, as `screen sign --new-key` writes it",
        ) from error
    if not isinstance(key, kind):
        raise _problem(
            "sign/key",
            f"'{path.as_posix()}' is no Ed25519 key of this kind",
            "`screen sign --new-key FILE` makes a pair: FILE signs, FILE.pub checks",
        )
    return key


def _library() -> tuple[Any, Any]:
    try:
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - an optional extra
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415
    except ImportError as error:
        raise _problem(
            "sign/extra", "signatures need the library 'cryptography'", "pip install 'screening[sign]'"
        ) from error
    return ed25519, serialization


def _problem(code: str, message: str, remedy: str) -> RunError:
    return RunError.of(code, message, remedy=remedy)
