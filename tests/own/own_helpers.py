"""A small framework about towns, and texts that belong to it or do not."""

from __future__ import annotations

from miner.tagging.train import Example

YAML = """
id: towns
title: What towns do
citation: Invented for tests
concepts:
  - id: water
    group: services
    label: Clean water
    definition: Pipes, wells and pumps bring clean drinking water to every house.
    labels:
      alt: [drinking water, water supply, wells]
      hidden: [pumps]
      negative: [water polo, oil wells]
    examples: [The town digs a well for the upper quarter.]
  - id: light
    group: services
    label: Street light
    definition: Lamps along streets and squares burn at night so that people walk safely.
    labels:
      alt: [street lamps, lanterns, lighting of streets]
      hidden: [LED]
  - id: school
    group: people
    label: Schools
    definition: Children learn to read, write and count with teachers in schools.
    labels:
      alt: [schools, teachers, pupils]
"""

WATER = "The council will repair the water supply of the old town and dig two wells."
LIGHT = "Street lamps along the river will be replaced by brighter lanterns."
SCHOOL = "Teachers and pupils will get a new school with a library."
OTHER = (
    "The harbour master reports on ships every month.",
    "A market is held on Saturdays behind the church.",
    "The mayor thanks all citizens for their patience.",
    "Taxes are collected in spring and in autumn.",
    "The fire brigade bought a ladder of thirty metres.",
    "Trees were planted along the southern road.",
)
BACKGROUND = [
    f"{text} Note {number}."
    for number in range(12)
    for text in (*OTHER, *OTHER, WATER, LIGHT, SCHOOL)
]


def example(text: str, *concepts: str, undecided: tuple[str, ...] = ()) -> Example:
    return Example(text, frozenset(concepts), frozenset(undecided), None, text[:20])
