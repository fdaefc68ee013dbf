"""Asks the AWS doors with boto3: S3, HealthLake's control plane, and a signed FHIR search."""
import json, sys, time, urllib.request

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config

from shapes import seen, strict

doors, endpoint, scan = sys.argv[1:]
s3 = boto3.client("s3", endpoint_url=doors, config=Config(signature_version="s3v4", s3={"addressing_style": "path"}))
s3.put_object(Bucket="chart-in", Key="card.pdf", Body=open(scan, "rb").read())
s3.put_object(Bucket="chart-in", Key="by boto3 ü.txt", Body=b"hello")
assert s3.get_object(Bucket="chart-in", Key="by boto3 ü.txt")["Body"].read() == b"hello"
keys = [o["Key"] for o in s3.list_objects_v2(Bucket="chart-out", Prefix="fhir/")["Contents"]]
assert any(k.endswith("/bundle.json") for k in keys), keys
url = s3.generate_presigned_url("get_object", Params={"Bucket": "chart-in", "Key": "by boto3 ü.txt"})
assert urllib.request.urlopen(url).read() == b"hello"

# BDA's control plane: a small blueprint, a version, a project that uses it.
plan = strict(boto3.client("bedrock-data-automation", endpoint_url=doors))
schema = json.dumps({"class": "Card", "description": "An insurance card", "properties": {
    "insurance_member_id": {"type": "string", "inferenceType": "explicit", "instruction": "The member's number. Labels: Member ID."}}})
made = plan.create_blueprint(blueprintName="by-boto3", type="DOCUMENT", schema=schema, tags=[{"key": "team", "value": "records"}])["blueprint"]
arn = made["blueprintArn"]
assert made["blueprintStage"] == "LIVE" and made["creationTime"].year >= 2026
assert plan.create_blueprint_version(blueprintArn=arn)["blueprint"]["blueprintVersion"] == "1"
assert json.loads(plan.get_blueprint(blueprintArn=arn, blueprintVersion="1")["blueprint"]["schema"])["class"] == "Card"
names = {b["blueprintName"] for p in plan.get_paginator("list_blueprints").paginate(PaginationConfig={"PageSize": 1}) for b in p["blueprints"]}
assert "by-boto3" in names, names
project = plan.create_data_automation_project(projectName="by-boto3", standardOutputConfiguration={},
    customOutputConfiguration={"blueprints": [{"blueprintArn": arn, "blueprintVersion": "1"}]})["projectArn"]
assert plan.get_data_automation_project(projectArn=project)["project"]["customOutputConfiguration"]["blueprints"][0]["blueprintVersion"] == "1"
assert plan.list_tags_for_resource(resourceARN=arn)["tags"] == [{"key": "team", "value": "records"}]
try:
    plan.create_blueprint(blueprintName="bad", type="DOCUMENT", schema="nonsense")
    raise SystemExit("a blueprint that is no JSON was taken")
except plan.exceptions.ValidationException:
    pass

# The runtime reads with that project's blueprint, and with nothing else.
run = strict(boto3.client("bedrock-data-automation-runtime", endpoint_url=doors))
region = boto3.Session().region_name
job = run.invoke_data_automation_async(inputConfiguration={"s3Uri": "s3://chart-in/card.pdf"}, outputConfiguration={"s3Uri": "s3://chart-out/card"},
    dataAutomationConfiguration={"dataAutomationProjectArn": project}, clientToken="by-boto3",
    dataAutomationProfileArn=f"arn:aws:bedrock:{region}:000000000000:data-automation-profile/us.data-automation-v1")["invocationArn"]
for _ in range(600):
    status = run.get_data_automation_status(invocationArn=job)
    if status["status"] not in ("Created", "InProgress"):
        break
    time.sleep(0.2)
assert status["status"] == "Success", status
bucket, key = status["outputConfiguration"]["s3Uri"][5:].split("/", 1)
segment = json.load(s3.get_object(Bucket=bucket, Key=key)["Body"])["output_metadata"][0]["segment_metadata"][0]
assert segment["custom_output_status"] == "MATCH", segment
key = segment["custom_output_path"].split("/", 3)[3]
result = json.load(s3.get_object(Bucket=bucket, Key=key)["Body"])
assert result["matched_blueprint"]["arn"] == arn and result["matched_blueprint"]["version"] == "1", result["matched_blueprint"]
assert list(result["inference_result"]) == ["insurance_member_id"] and result["inference_result"]["insurance_member_id"], "another blueprint was used"

run.tag_resource(resourceARN=job, tags=[{"key": "a", "value": "b"}])
assert run.list_tags_for_resource(resourceARN=job)["tags"] == [{"key": "a", "value": "b"}]
run.untag_resource(resourceARN=job, tagKeys=["a"])

# The rest of the control plane.
plan.update_blueprint(blueprintArn=arn, schema=schema, blueprintStage="LIVE")
plan.copy_blueprint_stage(blueprintArn=arn, sourceStage="LIVE", targetStage="DEVELOPMENT")
assert len(plan.list_blueprints(blueprintArn=arn)["blueprints"]) == 3
plan.tag_resource(resourceARN=project, tags=[{"key": "a", "value": "b"}])
plan.untag_resource(resourceARN=project, tagKeys=["a"])
full = {"document": {"extraction": {"granularity": {"types": ["DOCUMENT", "PAGE"]}, "boundingBox": {"state": "ENABLED"}},
                     "generativeField": {"state": "DISABLED"}, "outputFormat": {"textFormat": {"types": ["MARKDOWN"]}, "additionalFileFormat": {"state": "DISABLED"}}}}
plan.update_data_automation_project(projectArn=project, standardOutputConfiguration=full, projectDescription="cards",
    overrideConfiguration={"document": {"splitter": {"state": "ENABLED"}}, "modalityRouting": {"jpeg": "DOCUMENT", "png": "DOCUMENT"}})
got = plan.get_data_automation_project(projectArn=project)["project"]
assert got["standardOutputConfiguration"] == full and got["overrideConfiguration"]["modalityRouting"] == {"jpeg": "DOCUMENT", "png": "DOCUMENT"}, got
assert project in [p["projectArn"] for p in plan.list_data_automation_projects()["projects"]]
plan.delete_data_automation_project(projectArn=project)
plan.delete_blueprint(blueprintArn=arn)
# Every operation of AWS's models was asked for, and its answer held against the
# model, but for what this server doesn't have.
left = {o for c in (plan, run) for o in c.meta.service_model.operation_names} - seen
assert all("Librar" in o or "Optimization" in o or o == "InvokeDataAutomation" for o in left), left

lake = strict(boto3.client("healthlake", endpoint_url=doors))
store = lake.list_fhir_datastores()["DatastorePropertiesList"][0]
assert lake.describe_fhir_datastore(DatastoreId=store["DatastoreId"])["DatastoreProperties"]["DatastoreStatus"] == "ACTIVE"
assert lake.list_fhir_import_jobs(DatastoreId=store["DatastoreId"])["ImportJobPropertiesList"]

session = boto3.Session()
request = AWSRequest("GET", endpoint + "Observation?_count=5&status=preliminary%2Cfinal")
SigV4Auth(session.get_credentials(), "healthlake", session.region_name).add_auth(request)
answer = urllib.request.urlopen(urllib.request.Request(request.url, headers=dict(request.headers)))
assert json.load(answer)["entry"], "no observation"
