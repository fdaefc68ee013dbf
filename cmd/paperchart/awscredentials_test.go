package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// behindProxy lets a handler be all of amazonaws.com for a process: it returns the
// environment that leads there. The parts of the SDK that fetch credentials take no
// other endpoint.
func behindProxy(t *testing.T, h http.Handler) []string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cert := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		DNSNames: []string{"*.us-west-2.amazonaws.com", "*.eu-west-1.amazonaws.com", "portal.sso.us-west-2.amazonaws.com"}}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	amazon := httptest.NewUnstartedServer(h)
	amazon.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	amazon.StartTLS()
	t.Cleanup(amazon.Close)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to, err := net.Dial("tcp", amazon.Listener.Addr().String())
		if err != nil || r.Method != http.MethodConnect || !strings.HasSuffix(r.Host, ".amazonaws.com:443") {
			t.Errorf("%s %s: %v", r.Method, r.Host, err)
			return
		}
		defer to.Close()
		from, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer from.Close()
		io.WriteString(from, "HTTP/1.1 200 OK\r\n\r\n")
		go io.Copy(to, from)
		io.Copy(from, to)
	}))
	t.Cleanup(proxy.Close)
	return []string{"HTTPS_PROXY=" + proxy.URL, "https_proxy=" + proxy.URL, "NO_PROXY=", "no_proxy=", "AWS_CA_BUNDLE=" + bundle}
}

// login is STS and IAM Identity Center. It gives out credentials, and remembers
// with whose it was asked who is asking.
type login struct {
	t      *testing.T
	asked  []string
	denied bool
}

func (l *login) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	_, key, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	key, _, _ = strings.Cut(key, "/")
	switch {
	case r.URL.Path == "/federation/credentials":
		if r.Header.Get("X-Amz-Sso_bearer_token") != "sso-token" || r.URL.Query().Get("role_name") != "Deployer" {
			l.t.Errorf("asked for SSO credentials with %v", r.URL)
		}
		io.WriteString(w, `{"roleCredentials":{"accessKeyId":"AKIASSO","secretAccessKey":"x","sessionToken":"t","expiration":4102444800000}}`)
	case form.Get("Action") == "AssumeRole":
		if form.Get("RoleArn") != "arn:aws:iam::111122223333:role/deployer" || key != "AKIABASE" {
			l.t.Errorf("%s assumes %s", key, form.Get("RoleArn"))
		}
		io.WriteString(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKIAROLE</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`)
	case form.Get("Action") == "GetCallerIdentity" && l.denied:
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, `<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>`)
	case form.Get("Action") == "GetCallerIdentity":
		l.asked = append(l.asked, key)
		io.WriteString(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	default:
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, missingStack)
	}
}

const awsConfig = `
[profile base]
aws_access_key_id = AKIABASE
aws_secret_access_key = x
[profile role]
role_arn = arn:aws:iam::111122223333:role/deployer
source_profile = base
region = us-west-2
[profile sso]
sso_session = clinic
sso_account_id = 111122223333
sso_role_name = Deployer
region = eu-west-1
[sso-session clinic]
sso_start_url = https://clinic.awsapps.com/start
sso_region = us-west-2
sso_registration_scopes = sso:account:access
[profile process]
credential_process = sh -c 'echo "{\"Version\":1,\"AccessKeyId\":\"AKIAPROCESS\",\"SecretAccessKey\":\"x\"}"'
region = us-west-2
`

// Profiles, roles, SSO and processes: whoever the AWS CLI would be, the commands are.
func TestAWSCredentials(t *testing.T) {
	home := t.TempDir()
	l := &login{t: t}
	env := append(behindProxy(t, l), "PATH="+os.Getenv("PATH"), "HOME="+home, "AWS_CONFIG_FILE="+filepath.Join(home, "config"), "AWS_SHARED_CREDENTIALS_FILE=/nowhere",
		"AWS_EC2_METADATA_DISABLED=true", "AWS_MAX_ATTEMPTS=1")
	sum := sha1.Sum([]byte("clinic"))
	cache := filepath.Join(home, ".aws", "sso", "cache")
	token := `{"accessToken":"sso-token","expiresAt":"2100-01-01T00:00:00Z"}`
	if err := os.MkdirAll(cache, 0o700); err != nil {
		t.Fatal(err)
	}
	for file, data := range map[string]string{filepath.Join(home, "config"): awsConfig, filepath.Join(cache, hex.EncodeToString(sum[:])+".json"): token} {
		if err := os.WriteFile(file, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bin := build(t)
	say := func(args string, more ...string) (int, string) {
		cmd := exec.Command(bin, strings.Fields(args+" --settings "+filepath.Join(home, "none.yaml"))...)
		cmd.Env = append(env, more...)
		out, _ := cmd.CombinedOutput()
		return cmd.ProcessState.ExitCode(), string(out)
	}
	for profile, want := range map[string]string{"role": "AKIAROLE in us-west-2", "sso": "AKIASSO in eu-west-1", "process": "AKIAPROCESS in us-west-2"} {
		l.asked = nil
		_, said := say("aws status --profile " + profile)
		key, region, _ := strings.Cut(want, " in ")
		if fmt.Sprint(l.asked) != "["+key+"]" || !strings.Contains(said, "in "+region) {
			t.Errorf("%s: asked as %v, said %s", profile, l.asked, said)
		}
	}
	// The same by environment, as a shell that has logged in has it.
	l.asked = nil
	if say("aws status", "AWS_PROFILE=role"); fmt.Sprint(l.asked) != "[AKIAROLE]" {
		t.Errorf("by environment: asked as %v", l.asked)
	}
	l.denied = true
	if status, said := say("aws status", "AWS_PROFILE=role"); status != 1 || !strings.Contains(said, "ExpiredToken") || !strings.Contains(said, "aws sso login") {
		t.Errorf("expired: %d, %s", status, said)
	}
	if status, said := say("aws status --profile nobody"); status == 0 || !strings.Contains(said, "nobody") {
		t.Errorf("unknown profile: %d, %s", status, said)
	}
}
