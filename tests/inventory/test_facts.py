"""The published rows: counts and names that GB/T 2260 and the plan give."""

from __future__ import annotations

from inventory.model import Estate, Level, Source

COUNTIES = {  # counties, districts and county-level cities of each city, GB/T 2260 as of 2021-2023
    "430100": 9,
    "430200": 9,
    "430300": 5,
    "430400": 12,
    "430500": 12,
    "430600": 9,
    "430700": 9,
    "430800": 4,
    "430900": 6,
    "431000": 11,
    "431100": 11,
    "431200": 12,
    "431300": 5,
    "433100": 8,
}


def test_regions(hunan: Estate) -> None:
    counted = dict.fromkeys(COUNTIES, 0)
    for region in hunan.regions.values():
        assert region.source is Source.GBT2260
        if region.level is Level.COUNTY:
            assert region.parent
            counted[region.parent] += 1
    assert counted == COUNTIES
    known = {"430224": "茶陵县", "430212": "渌口区", "430112": "望城区", "430182": "宁乡市", "430582": "邵东市", "431181": "祁阳市", "433130": "龙山县"}
    assert {code: hunan.regions[code].name for code in known} == known


def test_units_platforms_and_topics_of_the_plan(hunan: Estate) -> None:
    provincial = [unit.name for unit in hunan.units.values() if unit.level is Level.PROVINCE and unit.source is Source.PLAN]
    assert len(provincial) == 38
    assert {"省政务局", "国家超算长沙中心", "省委网信办", "省档案局"} <= set(provincial)
    assert [topic.number for topic in hunan.topics.values()] == list(range(1, 30))
    assert {hunan.units[unit].name for unit in hunan.topics["topic:430000-0028"].units.split()} == {"省委机要局", "省档案局"}
    assert all(platform.source is Source.PLAN and platform.section.startswith("二（") for platform in hunan.platforms.values())


def test_one_and_one_and_n_and_fourteen_clouds(hunan: Estate) -> None:
    kinds = [cloud.kind for cloud in hunan.clouds.values()]
    assert (kinds.count("province"), kinds.count("hpc"), kinds.count("city")) == (1, 1, 14)
    assert kinds.count("industry") >= 1
    assert len({cloud.os_cloud for cloud in hunan.clouds.values()} - {None}) == len(kinds)


def test_what_nobody_published_is_marked(hunan: Estate) -> None:
    for rows in (hunan.sites, hunan.rooms, hunan.assets, hunan.devices, hunan.links, hunan.lans, hunan.systems, hunan.components, hunan.private_networks):
        assert {row.source for row in rows.values()} == {Source.SAMPLE}
    assert [device.role for device in hunan.devices.values()].count("city-edge") == 28
    assert [device.role for device in hunan.devices.values()].count("county-edge") == 122
