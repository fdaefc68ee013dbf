"""SQS, bucket notifications and EventBridge's rules with boto3."""
import json, sys, time

import boto3
from botocore.config import Config

from shapes import strict

doors, = sys.argv[1:]
sqs, bus = strict(boto3.client("sqs", endpoint_url=doors)), strict(boto3.client("events", endpoint_url=doors))
s3 = boto3.client("s3", endpoint_url=doors, config=Config(s3={"addressing_style": "path"}))

dead = sqs.create_queue(QueueName="py-dead")["QueueUrl"]
arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
work = sqs.create_queue(QueueName="py", Attributes={"VisibilityTimeout": "1", "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})})["QueueUrl"]
assert work in sqs.list_queues(QueueNamePrefix="py")["QueueUrls"] and sqs.get_queue_url(QueueName="py")["QueueUrl"] == work
sent = sqs.send_message_batch(QueueUrl=work, Entries=[{"Id": str(i), "MessageBody": f"m{i}"} for i in range(10)])
assert len(sent["Successful"]) == 10, sent
got = sqs.receive_message(QueueUrl=work, MaxNumberOfMessages=10, WaitTimeSeconds=2)["Messages"]
assert len(got) == 10
sqs.delete_message_batch(QueueUrl=work, Entries=[{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(got[1:])])
time.sleep(1.2)
assert "Messages" not in sqs.receive_message(QueueUrl=work)
assert [m["Body"] for m in sqs.receive_message(QueueUrl=dead)["Messages"]] == [got[0]["Body"]]
try:
    sqs.get_queue_url(QueueName="none")
    raise SystemExit("a queue that is not there has an address")
except sqs.exceptions.QueueDoesNotExist:
    pass

# A bucket tells the queue, a rule too.
queue = sqs.get_queue_attributes(QueueUrl=work, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
s3.create_bucket(Bucket="py-bucket", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
s3.put_bucket_notification_configuration(Bucket="py-bucket", NotificationConfiguration={"QueueConfigurations": [{"Id": "n", "QueueArn": queue, "Events": ["s3:ObjectCreated:*"]}]})
assert s3.get_bucket_notification_configuration(Bucket="py-bucket")["QueueConfigurations"][0]["Id"] == "n"
s3.put_object(Bucket="py-bucket", Key="a b.pdf", Body=b"x")
bodies = [json.loads(m["Body"]) for m in sqs.receive_message(QueueUrl=work, MaxNumberOfMessages=10)["Messages"]]
assert any(b.get("Event") == "s3:TestEvent" for b in bodies)
assert [r["s3"]["object"]["key"] for b in bodies for r in b.get("Records", [])] == ["a+b.pdf"], bodies

rule = bus.put_rule(Name="py", EventPattern=json.dumps({"source": ["my.shop"], "detail": {"kind": ["order"]}}))["RuleArn"]
assert bus.put_targets(Rule="py", Targets=[{"Id": "1", "Arn": queue}])["FailedEntryCount"] == 0
assert [r["Arn"] for r in bus.list_rules(NamePrefix="py")["Rules"]] == [rule]
put = bus.put_events(Entries=[{"Source": "my.shop", "DetailType": "t", "Detail": json.dumps({"kind": k})} for k in ("order", "other")] +
                     [{"Source": "aws.bedrock", "DetailType": "t", "Detail": "{}"}])
assert put["FailedEntryCount"] == 1, put
events = [json.loads(m["Body"]) for m in sqs.receive_message(QueueUrl=work, MaxNumberOfMessages=10)["Messages"]]
assert [e["detail"]["kind"] for e in events if e.get("source") == "my.shop"] == ["order"], events
bus.remove_targets(Rule="py", Ids=["1"])
bus.delete_rule(Name="py")
