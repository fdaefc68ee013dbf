"""The S3 door with boto3: what programs that store files do, and a scan that is large enough to be sent in parts."""
import hashlib, io, json, os, re, sys, time, urllib.error, urllib.request

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError

doors, endpoint, scan = sys.argv[1:]
c = boto3.client("s3", endpoint_url=doors, config=Config(signature_version="s3v4", s3={"addressing_style": "path"}))
c.create_bucket(Bucket="bk1", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as e:
        assert e.response["Error"]["Code"] == code, e
        return
    raise SystemExit(f"{arguments} was taken; {code} was expected")


c.head_bucket(Bucket="bk1")
refused("404", c.head_bucket, Bucket="no-such-bucket")
refused("BadDigest", c.put_object, Bucket="bk1", Key="bad", Body=b"hello", ChecksumCRC32="AAAAAA==")
refused("BadDigest", c.put_object, Bucket="bk1", Key="bad", Body=b"hello", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")
for algorithm in ["CRC32", "SHA1", "SHA256"]:
    put = c.put_object(Bucket="bk1", Key="sum", Body=b"hello", ChecksumAlgorithm=algorithm)
    assert put["Checksum" + algorithm] == c.get_object(Bucket="bk1", Key="sum", ChecksumMode="ENABLED")["Checksum" + algorithm]

# What is known of an object.
put = c.put_object(Bucket="bk1", Key="m", Body=b"x", ContentType="application/pdf", Metadata={"who": "me"}, CacheControl="no-store", Tagging="a=b")
head = c.head_object(Bucket="bk1", Key="m")
assert head["ETag"] == put["ETag"] == '"' + hashlib.md5(b"x").hexdigest() + '"'
assert (head["ContentType"], head["Metadata"], head["CacheControl"]) == ("application/pdf", {"who": "me"}, "no-store"), head
assert c.get_object_tagging(Bucket="bk1", Key="m")["TagSet"] == [{"Key": "a", "Value": "b"}]

# Ranges and conditions.
c.put_object(Bucket="bk1", Key="r", Body=b"0123456789")
for span, want in {"2-4": b"234", "-3": b"789", "8-": b"89"}.items():
    got = c.get_object(Bucket="bk1", Key="r", Range="bytes=" + span)
    assert got["Body"].read() == want and got["ResponseMetadata"]["HTTPStatusCode"] == 206, span
refused("InvalidRange", c.get_object, Bucket="bk1", Key="r", Range="bytes=20-30")
tag = c.head_object(Bucket="bk1", Key="r")["ETag"]
refused("304", c.get_object, Bucket="bk1", Key="r", IfNoneMatch=tag)
refused("PreconditionFailed", c.get_object, Bucket="bk1", Key="r", IfMatch='"x"')
refused("PreconditionFailed", c.put_object, Bucket="bk1", Key="r", Body=b"z", IfNoneMatch="*")
refused("PreconditionFailed", c.put_object, Bucket="bk1", Key="r", Body=b"z", IfMatch='"abc"')
c.put_object(Bucket="bk1", Key="r", Body=b"0123456789", IfMatch=tag)

# Copies.
c.copy_object(Bucket="bk1", Key="copy ü+1", CopySource={"Bucket": "bk1", "Key": "m"})
assert c.head_object(Bucket="bk1", Key="copy ü+1")["Metadata"] == {"who": "me"}
c.copy_object(Bucket="bk1", Key="m2", CopySource={"Bucket": "bk1", "Key": "copy ü+1"}, MetadataDirective="REPLACE", Metadata={"a": "b"})
assert c.head_object(Bucket="bk1", Key="m2")["Metadata"] == {"a": "b"}
refused("NoSuchKey", c.copy_object, Bucket="bk1", Key="m3", CopySource={"Bucket": "bk1", "Key": "none"})

# Keys that are hard to write.
for key in ["a//b", "/lead", "trail/", "..", "a/../b", "%41", "ü/é", "a?b#c&d=e", "x" * 1024, "emoji😀", "plus+ space", "empty"]:
    c.put_object(Bucket="bk1", Key="k/" + key if key == "empty" else key, Body=b"" if key == "empty" else key.encode())
    assert key == "empty" or c.get_object(Bucket="bk1", Key=key)["Body"].read() == key.encode(), key
assert c.get_object(Bucket="bk1", Key="k/empty")["Body"].read() == b""
refused("KeyTooLongError", c.put_object, Bucket="bk1", Key="x" * 1025, Body=b"")

# Listings, in pages.
for i in range(25):
    c.put_object(Bucket="bk1", Key=f"l/{i % 5}/f {i:02d}+ü.txt", Body=b"x")
for name in ["list_objects_v2", "list_objects"]:
    keys = [o["Key"] for p in c.get_paginator(name).paginate(Bucket="bk1", Prefix="l/", PaginationConfig={"PageSize": 3}) for o in p.get("Contents", [])]
    assert len(keys) == 25 and keys == sorted(keys), (name, keys)
folders = [x["Prefix"] for p in c.get_paginator("list_objects_v2").paginate(Bucket="bk1", Prefix="l/", Delimiter="/", PaginationConfig={"PageSize": 2})
           for x in p.get("CommonPrefixes", [])]
assert folders == [f"l/{i}/" for i in range(5)], folders
page = c.list_objects_v2(Bucket="bk1", Prefix="l/", StartAfter="l/3/z", MaxKeys=2)
assert page["KeyCount"] == 2 and page["IsTruncated"] and page["Contents"][0]["Key"].startswith("l/4/"), page
assert c.list_objects_v2(Bucket="bk1", Prefix="none/")["KeyCount"] == 0

# Many deleted at once; what was not there counts as deleted.
gone = c.delete_objects(Bucket="bk1", Delete={"Objects": [{"Key": f"l/0/f {i:02d}+ü.txt"} for i in range(0, 25, 5)] + [{"Key": "none"}]})
assert len(gone["Deleted"]) == 6 and "Errors" not in gone, gone
assert "Deleted" not in c.delete_objects(Bucket="bk1", Delete={"Quiet": True, "Objects": [{"Key": "l/1/f 01+ü.txt"}]})

# Versioning is off, and says so as AWS does: with nothing.
assert "Status" not in c.get_bucket_versioning(Bucket="bk1")

# A bucket with versions.
c.create_bucket(Bucket="bk2", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
c.put_bucket_versioning(Bucket="bk2", VersioningConfiguration={"Status": "Enabled"})
ids = [c.put_object(Bucket="bk2", Key="v ü+1", Body=b"%d" % i)["VersionId"] for i in range(3)]
assert [c.get_object(Bucket="bk2", Key="v ü+1", VersionId=v)["Body"].read() for v in ids] == [b"0", b"1", b"2"]
url = c.generate_presigned_url("get_object", Params={"Bucket": "bk2", "Key": "v ü+1", "VersionId": ids[0]})
assert urllib.request.urlopen(url).read() == b"0"
c.copy_object(Bucket="bk2", Key="v ü+1", CopySource={"Bucket": "bk2", "Key": "v ü+1", "VersionId": ids[1]})
assert c.get_object(Bucket="bk2", Key="v ü+1")["Body"].read() == b"1"
c.delete_object(Bucket="bk2", Key="v ü+1")
refused("NoSuchKey", c.get_object, Bucket="bk2", Key="v ü+1")
pages = list(c.get_paginator("list_object_versions").paginate(Bucket="bk2", PaginationConfig={"PageSize": 2}))
found = [x for p in pages for x in p.get("Versions", []) + p.get("DeleteMarkers", [])]
assert len(pages) == 3 and len(found) == 5 and [x["IsLatest"] for x in found].count(True) == 1, found
c.delete_objects(Bucket="bk2", Delete={"Quiet": True, "Objects": [{"Key": x["Key"], "VersionId": x["VersionId"]} for x in found]})
c.delete_bucket(Bucket="bk2")

# Presigned addresses.
url = c.generate_presigned_url("put_object", Params={"Bucket": "bk1", "Key": "pre ü+1"})
urllib.request.urlopen(urllib.request.Request(url, b"pre!", method="PUT"))
url = c.generate_presigned_url("get_object", Params={"Bucket": "bk1", "Key": "pre ü+1", "ResponseContentDisposition": "inline"})
with urllib.request.urlopen(url) as answer:
    assert answer.read() == b"pre!" and answer.headers["Content-Disposition"] == "inline"
try:
    urllib.request.urlopen(url.replace("pre%20", "prf%20"))
    raise SystemExit("a changed address was taken")
except urllib.error.HTTPError as e:
    assert e.code == 403, e

# Parts.
big = os.urandom(18 << 20)
up = c.create_multipart_upload(Bucket="bk1", Key="mp")["UploadId"]
parts = [{"PartNumber": i, "ETag": c.upload_part(Bucket="bk1", Key="mp", UploadId=up, PartNumber=i, Body=big[(i - 1) * (6 << 20):i * (6 << 20)])["ETag"]} for i in (1, 2, 3)]
copied = c.upload_part_copy(Bucket="bk1", Key="mp", UploadId=up, PartNumber=4, CopySource={"Bucket": "bk1", "Key": "r"}, CopySourceRange="bytes=0-4")
parts.append({"PartNumber": 4, "ETag": copied["CopyPartResult"]["ETag"]})
numbers = [p["PartNumber"] for page in c.get_paginator("list_parts").paginate(Bucket="bk1", Key="mp", UploadId=up, PaginationConfig={"PageSize": 2}) for p in page["Parts"]]
assert numbers == [1, 2, 3, 4], numbers
assert [u["Key"] for u in c.list_multipart_uploads(Bucket="bk1")["Uploads"]] == ["mp"]
complete = {"Bucket": "bk1", "Key": "mp", "UploadId": up}
refused("InvalidPart", c.complete_multipart_upload, **complete, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": '"' + "0" * 32 + '"'}]})
refused("InvalidPartOrder", c.complete_multipart_upload, **complete, MultipartUpload={"Parts": [parts[1], parts[0]]})
etag = c.complete_multipart_upload(**complete, MultipartUpload={"Parts": parts})["ETag"]
assert c.head_object(Bucket="bk1", Key="mp")["ETag"] == etag
assert c.get_object(Bucket="bk1", Key="mp")["Body"].read() == big + b"01234"
refused("BucketNotEmpty", c.delete_bucket, Bucket="bk1")


class Stream(io.RawIOBase):
    """Bytes whose number nobody knows beforehand."""
    def __init__(self, data):
        self.data = io.BytesIO(data)

    def readable(self):
        return True

    def read(self, n=-1):
        return self.data.read(n)


# The transfer manager cuts what is large into parts.
c.upload_fileobj(Stream(big), "bk1", "streamed")
back = io.BytesIO()
c.download_fileobj("bk1", "streamed", back)
assert back.getvalue() == big


def padded(pdf, size):
    """The same PDF, with an object that nothing refers to, of the given size."""
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    count = int(re.findall(rb"/Size (\d+)", pdf)[-1])
    root = re.findall(rb"/Root (\d+ \d+ R)", pdf)[-1]
    out = pdf.rstrip() + b"\n"
    at = len(out)
    out += b"%d 0 obj\n<< /Length %d >>\nstream\n" % (count, size) + b"0" * size + b"\nendstream\nendobj\n"
    xref = len(out)
    out += b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %s /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (count, at, count + 1, root, start, xref)
    return out


# A scan of 12 MB goes up in parts, and the pipeline begins when they are joined.
c.upload_fileobj(io.BytesIO(padded(open(scan, "rb").read(), 12 << 20)), "records-in", "scans/large form.pdf")
session = boto3.Session()
for _ in range(600):
    request = AWSRequest("GET", endpoint + "Patient?_count=1")
    SigV4Auth(session.get_credentials(), "healthlake", session.region_name).add_auth(request)
    with urllib.request.urlopen(urllib.request.Request(request.url, headers=dict(request.headers))) as answer:
        if json.load(answer).get("entry"):
            break
    time.sleep(0.2)
else:
    raise SystemExit("the large scan did not become FHIR")
