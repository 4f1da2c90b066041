#!/usr/bin/env python3
"""Writes a CycloneDX SBOM with N components of which every tenth is a package that advisories of the corpus name.

    bench/sbom.py N CORPUS > sbom.cdx.json

Versions are drawn from the advisories' own bounds, seeded: the same N gives the same bytes.
"""
import json, random, sys, zipfile

PURL_TYPES = {"npm": "npm", "PyPI": "pypi", "Maven": "maven", "NuGet": "nuget", "Go": "golang", "crates.io": "cargo"}


def packages(corpus):
    for ecosystem, kind in PURL_TYPES.items():
        with zipfile.ZipFile(f"{corpus}/osv/{ecosystem}/all.zip") as archive:
            for name in sorted(archive.namelist()):
                for affected in json.loads(archive.read(name)).get("affected", []):
                    package = affected.get("package", {})
                    bounds = [value for r in affected.get("ranges", []) for e in r.get("events", []) for value in e.values()]
                    versions = [b for b in bounds if b and b != "0"] or ["1.0.0"]
                    if package.get("name"):
                        yield kind, package["name"], versions


def purl(kind, name, version):
    path = name.replace(":", "/", 1) if kind == "maven" else name.replace("@", "%40")
    return f"pkg:{kind}/{path}@{version}"


def main():
    count, corpus = int(sys.argv[1]), sys.argv[2]
    random.seed(7)
    # One entry for each package, however many advisories it has: a real SBOM does not hold tensorflow a hundred times.
    known = {}
    for kind, name, versions in packages(corpus):
        known.setdefault((kind, name), []).extend(versions)
    known = sorted(known.items())
    components = []
    for number in range(count):
        (kind, name), versions = random.choice(known)
        version = random.choice(versions)
        if number % 10:
            # Nine of ten are packages that no advisory names, as most are.
            name, version = f"{name}-{number}", "1.2.3"
        components.append({"type": "library", "bom-ref": str(number), "name": name, "version": version, "purl": purl(kind, name, version)})
    json.dump({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components}, sys.stdout)


main()
