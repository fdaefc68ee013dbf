"""Asks the AWS doors with boto3: S3, HealthLake's control plane, and a signed FHIR search."""
import json, sys, urllib.request

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config

doors, endpoint = sys.argv[1:]
s3 = boto3.client("s3", endpoint_url=doors, config=Config(signature_version="s3v4", s3={"addressing_style": "path"}))
s3.put_object(Bucket="chart-in", Key="by boto3 ü.txt", Body=b"hello")
assert s3.get_object(Bucket="chart-in", Key="by boto3 ü.txt")["Body"].read() == b"hello"
keys = [o["Key"] for o in s3.list_objects_v2(Bucket="chart-out", Prefix="fhir/")["Contents"]]
assert any(k.endswith("/bundle.json") for k in keys), keys
url = s3.generate_presigned_url("get_object", Params={"Bucket": "chart-in", "Key": "by boto3 ü.txt"})
assert urllib.request.urlopen(url).read() == b"hello"

lake = boto3.client("healthlake", endpoint_url=doors)
store = lake.list_fhir_datastores()["DatastorePropertiesList"][0]
assert lake.describe_fhir_datastore(DatastoreId=store["DatastoreId"])["DatastoreProperties"]["DatastoreStatus"] == "ACTIVE"
assert lake.list_fhir_import_jobs(DatastoreId=store["DatastoreId"])["ImportJobPropertiesList"]

session = boto3.Session()
request = AWSRequest("GET", endpoint + "Observation?_count=5&status=preliminary%2Cfinal")
SigV4Auth(session.get_credentials(), "healthlake", session.region_name).add_auth(request)
answer = urllib.request.urlopen(urllib.request.Request(request.url, headers=dict(request.headers)))
assert json.load(answer)["entry"], "no observation"
