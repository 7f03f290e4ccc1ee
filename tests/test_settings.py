from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from graphleads.errors import SettingInvalid
from graphleads.settings import Configuration, find_home, load_settings
from graphleads.view.setting import settings_markdown

WALK, WALK_VARIABLE = "recommend.proximity.walk", "GRAPHLEADS_RECOMMEND__PROXIMITY__WALK"
PAGE = Path(__file__).parents[1] / "docs" / "settings.md"


def configure(home: Path, text: str, **environment: str) -> Configuration:
    (home / "graphleads.yaml").write_text(text, encoding="utf-8")
    return load_settings(home, environment)


def test_without_a_file_everything_is_at_its_default(tmp_path: Path) -> None:
    configuration = load_settings(tmp_path, {})

    assert configuration.settings.team == "main"
    assert {setting.origin for setting in configuration.effective()} == {"default"}


def test_the_environment_goes_before_the_file_and_both_are_named(tmp_path: Path) -> None:
    text = "team: north\nlanguage: zh\nrecommend:\n  proximity:\n    walk:\n      role:\n        secretary: 0\n"
    configuration = configure(tmp_path, text, GRAPHLEADS_TEAM="south")
    effective = {setting.name: (setting.value, setting.origin) for setting in configuration.effective()}

    assert effective["team"] == ("south", "GRAPHLEADS_TEAM")
    assert effective["language"] == ("zh", "graphleads.yaml")
    assert effective["recommend.proximity.walk.role.secretary"] == (0.0, "graphleads.yaml")
    assert effective["recommend.proximity.walk.role.director"] == (1.0, "default")
    assert effective["recommend.proximity.damping"] == (0.85, "default")


def test_passwords_are_never_shown(tmp_path: Path) -> None:
    configuration = configure(tmp_path, "database_url: postgresql://ann:secret@db.example/leads\n")
    shown = {setting.name: setting.value for setting in configuration.effective()}

    assert shown["database_url"] == "postgresql://ann:***@db.example/leads"
    assert configuration.settings.database_url == "postgresql://ann:secret@db.example/leads"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("taem: north\n", r"graphleads.yaml sets taem, which is no setting"),
        (
            "recommend:\n  proximity:\n    walk:\n      person_cap: many\n",
            r"sets recommend.proximity.walk.person_cap to 'many': input should be a valid integer",
        ),
        (
            "recommend:\n  proximity:\n    walk:\n      person_cap: 0\n",
            r"sets recommend.proximity.walk.person_cap to 0: input should be greater",
        ),
        (
            "build:\n  walk:\n    person_cap: 4\n",
            r"graphleads.yaml sets build.walk, which is now recommend.proximity.walk: move it there",
        ),
        ("recommend:\n  damping: 0.5\n", r"sets recommend.damping, which is now recommend.proximity.damping"),
        ("language: fr\n", r"sets language to 'fr': input should be 'en' or 'zh'"),
        ("build: 3\n", r"sets build to 3"),
        ("- team\n", r"must hold names and values"),
        ("team: [\n", r"cannot be read as YAML"),
        ("? [a]\n: b\n", r"cannot be read as YAML|must hold names"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SettingInvalid, match=sentence):
        configure(tmp_path, text)


def test_a_variable_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match="GRAPHLEADS_LANGUAGE sets language to 'fr'"):
        configure(tmp_path, "", GRAPHLEADS_LANGUAGE="fr")


def test_a_section_is_set_by_the_environment_too(tmp_path: Path) -> None:
    text = "neo4j:\n  uri: bolt://graph.example:7687\n  user: ann\n"
    configuration = configure(tmp_path, text, GRAPHLEADS_NEO4J__USER="bob", GRAPHLEADS_NEO4J__TIMEOUT="5")
    effective = {setting.name: (setting.value, setting.origin) for setting in configuration.effective()}

    assert effective["neo4j.uri"] == ("bolt://graph.example:7687", "graphleads.yaml")
    assert effective["neo4j.user"] == ("bob", "GRAPHLEADS_NEO4J__USER")
    assert effective["neo4j.timeout"] == (5.0, "GRAPHLEADS_NEO4J__TIMEOUT")


def test_the_password_of_neo4j_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("from the file\n", encoding="utf-8")
    text = f"neo4j:\n  password_file: {file}\n"
    from_file = configure(tmp_path, text).neo4j_password()
    given = configure(tmp_path, text, GRAPHLEADS_NEO4J__PASSWORD="open sesame")  # noqa: S106 - made up
    from_environment = given.neo4j_password()

    assert load_settings(tmp_path / "elsewhere", {}).neo4j_password() is None
    assert from_file is not None
    assert from_file.get_secret_value() == "from the file"
    assert from_environment is not None
    assert from_environment.get_secret_value() == "open sesame"
    assert "sesame" not in f"{given!r} {given.effective()}"


def test_a_password_is_no_setting_and_no_message_shows_one(tmp_path: Path) -> None:
    for text in ("neo4j:\n  password: sesame\n", "neo4j:\n  uri: bolt://ann:sesame@graph.example\n"):
        with pytest.raises(SettingInvalid, match=r"sets neo4j\.") as caught:
            configure(tmp_path, text)
        assert "sesame" not in str(caught.value)
    (tmp_path / "empty").touch()
    for name, sentence in (("none", "cannot be read: No such file"), ("empty", "is empty")):
        configuration = configure(tmp_path, f"neo4j:\n  password_file: {tmp_path / name}\n")
        with pytest.raises(SettingInvalid, match=sentence):
            configuration.neo4j_password()


def test_a_file_that_is_no_text_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "graphleads.yaml").write_bytes(b"\xff\xfe\x00team")

    with pytest.raises(SettingInvalid, match="cannot be read as YAML"):
        load_settings(tmp_path, {})


def test_the_home_is_given_or_set_or_usual(tmp_path: Path) -> None:
    assert find_home(tmp_path, {"GRAPHLEADS_HOME": "/elsewhere"}) == tmp_path
    assert find_home(None, {"GRAPHLEADS_HOME": str(tmp_path)}) == tmp_path
    assert find_home(None, {}) == Path.home() / ".graphleads"


def test_the_page_on_settings_is_what_the_models_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == settings_markdown(), (
        "run `python -m graphleads.view.setting > docs/settings.md`"
    )


def test_every_setting_may_stand_in_the_environment(tmp_path: Path) -> None:
    walk = "person_cap: 30, holder_cap: 60, role: {secretary: 0.1, auditor: 0.2}"
    text = f"recommend:\n  proximity:\n    walk: {{{walk}}}"
    configuration = configure(
        tmp_path,
        text,
        **{f"{WALK_VARIABLE}__PERSON_CAP": "7", f"{WALK_VARIABLE}__ROLE__SECRETARY": "0"},
        GRAPHLEADS_RECOMMEND='{"proximity": {"damping": 0.5}, "max_hops": 4}',
        GRAPHLEADS_RECOMMEND__MAX_HOPS="2",
        GRAPHLEADS_STORE="",
    )
    effective = {setting.name: (setting.value, setting.origin) for setting in configuration.effective()}

    assert effective[f"{WALK}.person_cap"] == (7, f"{WALK_VARIABLE}__PERSON_CAP")
    assert effective[f"{WALK}.holder_cap"] == (60, "graphleads.yaml")
    assert effective[f"{WALK}.address_cap"] == (25, "default")
    assert effective[f"{WALK}.role.secretary"] == (
        0.0,
        f"{WALK_VARIABLE}__ROLE__SECRETARY",
    )
    assert effective[f"{WALK}.role.auditor"] == (0.2, "graphleads.yaml")
    assert effective[f"{WALK}.role.director"] == (1.0, "default")
    assert effective["recommend.proximity.damping"] == (0.5, "GRAPHLEADS_RECOMMEND")
    assert effective["recommend.max_hops"] == (2, "GRAPHLEADS_RECOMMEND__MAX_HOPS")
    assert effective["recommend.n_reasons"] == (3, "default")
    assert effective["store"] == ("embedded", "default")


def test_a_setting_may_stand_in_a_secret_file(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://ann:sesame@db.example/leads\n", encoding="utf-8")
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "graphleads_neo4j__password").write_text("open sesame\n", encoding="utf-8")
    (folder / "GRAPHLEADS_TEAM").write_text("north", encoding="utf-8")
    (folder / "graphleads_language").write_text("zh", encoding="utf-8")
    (folder / "of-another-program").write_text("x", encoding="utf-8")
    environment = {"GRAPHLEADS_DATABASE_URL_FILE": str(tmp_path / "url"), "GRAPHLEADS_SECRETS_DIR": str(folder)}
    configuration = configure(tmp_path, "team: south\nlanguage: en\n", **environment, GRAPHLEADS_LANGUAGE="en")
    effective = {setting.name: (setting.value, setting.origin) for setting in configuration.effective()}

    assert effective["database_url"] == ("postgresql://ann:***@db.example/leads", "GRAPHLEADS_DATABASE_URL_FILE")
    assert configuration.settings.database_url == "postgresql://ann:sesame@db.example/leads"
    assert effective["neo4j.password"] == ("**********", str(folder / "graphleads_neo4j__password"))
    assert (configuration.neo4j_password() or SecretStr("")).get_secret_value() == "open sesame"
    assert effective["team"] == ("north", str(folder / "GRAPHLEADS_TEAM"))
    assert effective["language"] == ("en", "GRAPHLEADS_LANGUAGE")
    assert "sesame" not in f"{configuration.effective()}"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ann:se@same@db.example/leads", "postgresql://ann:***@db.example/leads"),
        (
            "postgresql:///leads?host=db.example&password=sesame&a=b",
            "postgresql:///leads?host=db.example&password=***&a=b",
        ),
        ("sqlite:////tmp/leads.db", "sqlite:////tmp/leads.db"),
    ],
)
def test_a_password_in_a_url_is_hidden_wherever_it_stands(tmp_path: Path, url: str, shown: str) -> None:
    configuration = load_settings(tmp_path, {"GRAPHLEADS_DATABASE_URL": url})

    assert {setting.name: setting.value for setting in configuration.effective()}["database_url"] == shown


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("GRAPHLEADS_TAEM", "north", r"^GRAPHLEADS_TAEM sets taem, which is no setting"),
        (
            "GRAPHLEADS_RECOMMEND__PROXIMITY__WALK__CAP",
            "3",
            r"^GRAPHLEADS_RECOMMEND__PROXIMITY__WALK__CAP sets recommend\.proximity\.walk\.cap, which is no setting",
        ),
        ("GRAPHLEADS_TEAM__NAME", "3", r"^GRAPHLEADS_TEAM__NAME sets team\.name, which is no setting"),
        ("GRAPHLEADS_TAEM_FILE", "x", r"^GRAPHLEADS_TAEM_FILE sets taem_file, which is no setting"),
        (
            "GRAPHLEADS_TEAM_FILE",
            "/nowhere",
            r"^The file /nowhere of GRAPHLEADS_TEAM_FILE cannot be read: No such file",
        ),
        ("GRAPHLEADS_SECRETS_DIR", "/nowhere", r"^GRAPHLEADS_SECRETS_DIR names /nowhere, which is no folder"),
        ("GRAPHLEADS_BUILD", "[", r"^A section in the environment must be a JSON object: .*build"),
        ("GRAPHLEADS_BUILD__KEEP", "0", r"^GRAPHLEADS_BUILD__KEEP sets build\.keep to '0': input should be greater"),
        ("GRAPHLEADS_BUILD", '{"keep": 0}', r"^GRAPHLEADS_BUILD sets build\.keep to 0: input should be greater"),
    ],
)
def test_a_variable_that_sets_nothing_is_named(tmp_path: Path, variable: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingInvalid, match=sentence):
        load_settings(tmp_path, {variable: value})


def test_a_secret_file_that_sets_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "graphleads_taem").write_text("north", encoding="utf-8")
    with pytest.raises(SettingInvalid, match=r"graphleads_taem sets taem, which is no setting"):
        load_settings(tmp_path, {"GRAPHLEADS_SECRETS_DIR": str(tmp_path)})


def test_what_others_put_into_the_environment_is_left_alone(tmp_path: Path) -> None:
    environment = {
        "GRAPHLEADS_SERVICE_HOST": "10.0.0.1",
        "GRAPHLEADS_PORT_8000_TCP": "tcp://10.0.0.1:8000",
        "HOME": "/",
    }

    assert {setting.origin for setting in load_settings(tmp_path, environment).effective()} == {"default"}
