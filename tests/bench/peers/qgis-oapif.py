"""Reads collections of an OGC API - Features service with QGIS's own provider, without a screen.

Usage: qgis-oapif.py ADDRESS USER PASSWORD COLLECTION...
Prints one JSON object: per collection the CRS, the number of features, and a digest-able list of
[attributes, WKT with 7 digits] as QGIS hands them to its user. Errors go to standard error with exit code 1.
"""
import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import Qgis, QgsApplication, QgsDataSourceUri, QgsVectorLayer  # noqa: E402


def read(address, user, password, name):
    uri = QgsDataSourceUri()
    uri.setParam("url", address)
    uri.setParam("typename", name)
    uri.setParam("pagingEnabled", "true")
    uri.setUsername(user)
    uri.setPassword(password)
    layer = QgsVectorLayer(uri.uri(False), name, "OAPIF")
    if not layer.isValid():
        raise SystemExit(f"{name}: QGIS does not take it: {layer.dataProvider().error().message()}")
    names = [field.name() for field in layer.fields()]
    features = []
    for feature in layer.getFeatures():
        values = {key: value for key, value in zip(names, feature.attributes())}
        geometry = feature.geometry()
        features.append(
            {
                "attributes": {key: None if value is None or str(value) == "NULL" else str(value) for key, value in values.items()},
                "geometry": None if geometry.isNull() else geometry.asWkt(7),
            }
        )
    return {"crs": layer.crs().authid(), "count": layer.featureCount(), "features": features}


def main():
    address, user, password, *collections = sys.argv[1:]
    application = QgsApplication([], False)
    application.initQgis()
    try:
        answer = {name: read(address, user, password, name) for name in collections}
    finally:
        application.exitQgis()
    print(json.dumps({"version": Qgis.QGIS_VERSION, "collections": answer}))


main()
