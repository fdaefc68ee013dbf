"""Holds the doors' answers against AWS's own models, which botocore comes with: nothing that the model doesn't have, all that it requires, and types, lengths, patterns and enumerations as it has them. botocore's parser itself lets all of that pass."""
import json, re, sys

seen = set()


def strict(client):
    """Every answer to the client's calls is checked from now on."""
    client.meta.events.register("after-call", check)
    return client


def check(http_response, model, **_):
    if http_response.status_code >= 300 or model.output_shape is None:
        return
    seen.add(model.name)
    try:
        walk(model.output_shape, json.loads(http_response.content or b"{}"), model.name)
    except AssertionError as e:
        sys.exit(f"not as in AWS's model: {e}")


def walk(shape, value, at):
    kind = shape.type_name
    if kind == "structure":
        assert isinstance(value, dict), f"{at} is no object"
        names = {m.serialization.get("name", n): m for n, m in shape.members.items()}
        assert not set(value) - set(names), f"{at} has {set(value) - set(names)}"
        missing = {n for n in shape.required_members if shape.members[n].serialization.get("name", n) not in value}
        assert not missing, f"{at} lacks {missing}"
        for n, v in value.items():
            walk(names[n], v, f"{at}.{n}")
        return
    if kind == "list":
        assert isinstance(value, list), f"{at} is no list"
        for v in value:
            walk(shape.member, v, at + "[]")
        return
    if kind == "map":
        for v in value.values():
            walk(shape.value, v, at + "{}")
        return
    scalar(shape, kind, value, at)


def scalar(shape, kind, value, at):
    wanted = {"string": str, "integer": int, "long": int, "boolean": bool, "double": (int, float), "float": (int, float), "timestamp": (int, float, str)}[kind]
    assert isinstance(value, wanted) and (kind == "boolean") == isinstance(value, bool), f"{at} is {value!r}, no {kind}"
    if kind == "timestamp":
        text = shape.serialization.get("timestampFormat") == "iso8601"
        assert isinstance(value, str) == text, f"{at} is {value!r}"
    if kind != "string":
        return
    assert not getattr(shape, "enum", None) or value in shape.enum, f"{at} is {value!r}, none of {shape.enum}"
    assert shape.metadata.get("min", 0) <= len(value) <= shape.metadata.get("max", len(value)), f"{at} has {len(value)} characters"
    pattern = shape.metadata.get("pattern")
    if pattern and "\\p{" not in pattern:
        assert re.fullmatch(pattern, value, re.S), f"{at} is {value!r}, not {pattern}"
