"""INV-018: a landing names a flavor and an image of its cloud, of one architecture."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.base import Check, Finding, Severity, Text
from inventory.model import Estate


class LandingParts(Check):
    id, severity = "INV-018", Severity.ERROR
    title = Text(zh="着陆区规格或镜像不符", en="A landing's flavor or image is unknown or does not fit")
    reason = Text(
        zh="着陆区的规格、镜像须与资源池架构一致，否则云主机无法创建。",
        en="A landing's flavor and image must fit the pool, or its server cannot be made.",
    )
    advice = Text(
        zh="在 clouds.yaml 中选用本云已有且架构一致的规格和镜像。",
        en="Choose a flavor and an image of this cloud with one architecture.",
    )

    def run(self, estate: Estate) -> Iterator[Finding]:
        for cloud in estate.clouds.values():
            flavors = {flavor.name: flavor for flavor in cloud.flavors}
            images = {image.name: image for image in cloud.images}
            pools = {pool.id: pool for pool in cloud.pools}
            for index, landing in enumerate(cloud.landings):
                at = f"landings[{index}]"
                if landing.flavor not in flavors:
                    yield self.finding(estate, cloud.id, f"{at}.flavor", zh=f"云中没有规格 {landing.flavor}", en=f"the cloud has no flavor {landing.flavor}")
                if landing.image not in images:
                    yield self.finding(estate, cloud.id, f"{at}.image", zh=f"云中没有镜像 {landing.image}", en=f"the cloud has no image {landing.image}")
                if landing.flavor in flavors and landing.image in images and (pool := pools.get(flavors[landing.flavor].pool)):
                    arch = images[landing.image].arch
                    if arch not in {host.arch for host in pool.hosts}:
                        yield self.finding(
                            estate,
                            cloud.id,
                            f"{at}.image",
                            zh=f"镜像架构 {arch} 与资源池 {pool.id} 不符",
                            en=f"the image is {arch}, and no host of {pool.id} is",
                        )
