"""Hypothesis settings for every test: the profile that `tests.examples` names."""

from __future__ import annotations

from hypothesis import settings

from tests.examples import PROFILES, examples, profile

for name, options in PROFILES.items():
    settings.register_profile(name, deadline=None, print_blob=True, max_examples=examples(100), **options)
settings.load_profile(profile())
