"""HealthLake's door with boto3 and with a signed plain request: a second data store, an import with an error, an export."""
import json, sys, time, urllib.error, urllib.request

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config

from shapes import seen, strict

doors, first = sys.argv[1:]
session = boto3.Session()
lake = strict(boto3.client("healthlake", endpoint_url=doors))
s3 = boto3.client("s3", endpoint_url=doors, config=Config(s3={"addressing_style": "path"}))
role, key = "arn:aws:iam::000000000000:role/lake", "arn:aws:kms:us-west-2:000000000000:key/k"


def ask(url, method="GET", data=None):
    """A request signed by hand, as one would with the requests library."""
    request = AWSRequest(method, url, data=data, headers={"Content-Type": "application/fhir+json"})
    SigV4Auth(session.get_credentials(), "healthlake", session.region_name).add_auth(request)
    with urllib.request.urlopen(urllib.request.Request(request.url, data, dict(request.headers), method=method)) as answer:
        return json.load(answer)


def job(start, describe, name, **more):
    made = start(DatastoreId=store, DataAccessRoleArn=role, **more)
    for _ in range(300):
        got = describe(DatastoreId=store, JobId=made["JobId"])[name]
        if "EndTime" in got:
            return got
        time.sleep(0.1)
    raise SystemExit("the job does not end")


made = lake.create_fhir_datastore(DatastoreTypeVersion="R4", DatastoreName="research", Tags=[{"Key": "team", "Value": "records"}])
store = made["DatastoreId"]
# boto3's waiter asks at once, and then once a minute.
lake.get_waiter("fhir_datastore_active").wait(DatastoreId=store)
properties = lake.describe_fhir_datastore(DatastoreId=store)["DatastoreProperties"]
endpoint = properties["DatastoreEndpoint"]
assert [d["DatastoreId"] for d in lake.list_fhir_datastores(Filter={"DatastoreName": "research"})["DatastorePropertiesList"]] == [store]
assert lake.list_tags_for_resource(ResourceARN=properties["DatastoreArn"])["Tags"] == [{"Key": "team", "Value": "records"}]

lines = [{"resourceType": "Patient", "id": "kept", "name": [{"family": "Kept"}]}, {"resourceType": "Patient", "id": "bad", "gender": "unheard-of"},
         {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"}, "subject": {"reference": "Patient/kept"}}]
s3.put_object(Bucket="chart-in", Key="lake/in/all.ndjson", Body="\n".join(map(json.dumps, lines)).encode())
done = job(lake.start_fhir_import_job, lake.describe_fhir_import_job, "ImportJobProperties", InputDataConfig={"S3Uri": "s3://chart-in/lake/in/"},
           JobOutputDataConfig={"S3Configuration": {"S3Uri": "s3://chart-out/lake/", "KmsKeyId": key}}, ValidationLevel="strict")
assert done["JobStatus"] == "COMPLETED_WITH_ERRORS", done
assert done["JobProgressReport"]["TotalNumberOfResourcesImported"] == 2, done
at = done["JobOutputDataConfig"]["S3Configuration"]["S3Uri"].removeprefix("s3://chart-out/")
manifest = json.load(s3.get_object(Bucket="chart-out", Key=at + "manifest.json")["Body"])
assert manifest["numberOfResourcesWithCustomerError"] == 1, manifest
failure = json.loads(s3.get_object(Bucket="chart-out", Key=at + "FAILURE/all.ndjson")["Body"].read())
assert failure["lineId"] == 2 and failure["UpdateResourceResponse"]["statusCode"] == 422, failure
assert failure["UpdateResourceResponse"]["jsonBlob"]["resourceType"] == "OperationOutcome", failure

assert ask(endpoint + "Observation?subject=Patient%2Fkept")["total"] == 1
ask(endpoint + "Patient/written", "PUT", json.dumps({"resourceType": "Patient", "id": "written"}).encode())
try:
    ask(first + "Patient/kept")
    raise SystemExit("one data store sees into the other")
except urllib.error.HTTPError as e:
    assert e.code == 404, e

done = job(lake.start_fhir_export_job, lake.describe_fhir_export_job, "ExportJobProperties", JobName="all",
           OutputDataConfig={"S3Configuration": {"S3Uri": "s3://chart-out/export", "KmsKeyId": key}})
assert done["JobStatus"] == "COMPLETED", done
at = done["OutputDataConfig"]["S3Configuration"]["S3Uri"].removeprefix("s3://chart-out/")
files = [o["Key"] for o in s3.list_objects_v2(Bucket="chart-out", Prefix=at + "Patient/")["Contents"]]
ids = [json.loads(line)["id"] for f in files for line in s3.get_object(Bucket="chart-out", Key=f)["Body"].read().splitlines()]
assert sorted(ids) == ["kept", "written"], ids
assert lake.list_fhir_export_jobs(DatastoreId=store, JobName="all")["ExportJobPropertiesList"]

assert lake.list_fhir_import_jobs(DatastoreId=store, JobStatus="COMPLETED_WITH_ERRORS")["ImportJobPropertiesList"]
lake.tag_resource(ResourceARN=properties["DatastoreArn"], Tags=[{"Key": "a", "Value": "b"}])
lake.untag_resource(ResourceARN=properties["DatastoreArn"], TagKeys=["team"])
assert lake.list_tags_for_resource(ResourceARN=properties["DatastoreArn"])["Tags"] == [{"Key": "a", "Value": "b"}]

assert lake.delete_fhir_datastore(DatastoreId=store)["DatastoreStatus"] == "DELETING"
assert lake.describe_fhir_datastore(DatastoreId=store)["DatastoreProperties"]["DatastoreStatus"] == "DELETED"
try:
    ask(endpoint + "Patient/kept")
    raise SystemExit("a deleted data store answers")
except urllib.error.HTTPError as e:
    assert e.code == 404, e

# Every operation of AWS's model was asked for, and its answer held against the model.
assert not set(lake.meta.service_model.operation_names) - seen, set(lake.meta.service_model.operation_names) - seen
