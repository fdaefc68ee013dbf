package sigv4

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// ErrPayload says that a body is not what was signed, or not what its checksum
// says.
var ErrPayload = errors.New("the request's body is not what its signature or checksum says")

// chain is the signature of the last chunk, from which the next one's is made.
type chain struct {
	key   []byte
	scope Scope
	at    string
	last  string
}

// next makes the signature of a chunk or of the trailers.
func (c *chain) next(kind string, parts ...[]byte) []byte {
	scope := strings.Join([]string{c.scope.Date, c.scope.Region, c.scope.Service, "aws4_request"}, "/")
	text := []string{kind, c.at, scope, c.last}
	for _, p := range parts {
		text = append(text, hex.EncodeToString(p))
	}
	return mac(c.key, strings.Join(text, "\n"))
}

// openBody puts in place of the request's body one that checks itself.
func openBody(r *http.Request, c chain, payload string) error {
	b := &body{from: r.Body, left: r.ContentLength}
	switch payload {
	case unsignedPayload:
		return nil
	case unsignedTrailer, signedChunks, signedTrailer:
		n, err := strconv.ParseInt(r.Header.Get("X-Amz-Decoded-Content-Length"), 10, 64)
		if err != nil || n < 0 {
			return ErrUnsigned
		}
		d := &decoder{in: bufio.NewReaderSize(r.Body, 64<<10), signed: payload != unsignedTrailer, trailers: payload != signedChunks, chain: c, whole: newSums(r.Header.Get("X-Amz-Trailer"))}
		b.data, b.left, b.check = d, n, d.end
		r.ContentLength = n
		r.Header.Set("Content-Length", strconv.FormatInt(n, 10))
		r.Header.Set("X-Amz-Content-Sha256", unsignedPayload)
		r.TransferEncoding = nil
	default:
		sum := sha256.New()
		b.data = io.TeeReader(r.Body, sum)
		b.check = func() error {
			if hex.EncodeToString(sum.Sum(nil)) != strings.ToLower(payload) {
				return ErrPayload
			}
			return nil
		}
	}
	r.Body = b
	if b.left == 0 {
		return b.end() // nobody reads what is empty
	}
	return nil
}

// body gives data and checks it when its last byte is given. left is -1 where
// the length is not known.
type body struct {
	from  io.Closer
	data  io.Reader
	left  int64
	check func() error
	done  bool
	err   error
}

func (b *body) Close() error { return b.from.Close() }

func (b *body) Read(p []byte) (int, error) {
	if b.done {
		return 0, b.err
	}
	if b.left >= 0 && int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.data.Read(p)
	if b.left >= 0 {
		b.left -= int64(n)
	}
	switch {
	case err != nil && err != io.EOF:
		return n, err
	case b.left > 0 && err == io.EOF:
		return n, io.ErrUnexpectedEOF
	case b.left == 0, err == io.EOF:
		if bad := b.end(); bad != nil {
			return n, bad
		}
		return n, io.EOF
	}
	return n, nil
}

// end checks the whole, once.
func (b *body) end() error {
	if !b.done {
		b.done, b.err = true, io.EOF
		if err := b.check(); err != nil {
			b.err = err
		}
	}
	if b.err == io.EOF {
		return nil
	}
	return b.err
}

// decoder takes the chunks of the encoding aws-chunked apart and checks their
// signatures. It gives the bytes of a chunk before it has checked them; who reads
// must not act on them before the end.
type decoder struct {
	in       *bufio.Reader
	signed   bool
	trailers bool
	chain    chain
	whole    sums

	left      int64 // of the chunk
	open      bool  // a chunk has begun
	sum       hash.Hash
	signature string
	last      bool
}

// maxHeader is the longest line between the chunks.
const maxHeader = 4096

func (d *decoder) Read(p []byte) (int, error) {
	if d.left == 0 {
		if err := d.nextChunk(); err != nil {
			return 0, err
		}
		if d.last {
			return 0, io.EOF
		}
	}
	n, err := d.in.Read(p[:min(int64(len(p)), d.left)])
	d.sum.Write(p[:n])
	d.whole.Write(p[:n])
	if d.left -= int64(n); err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// nextChunk ends the chunk that was read and begins the next; the empty one is
// the last.
func (d *decoder) nextChunk() error {
	if d.last {
		return nil
	}
	if d.open {
		if line, err := d.line(); err != nil || line != "" {
			return ErrPayload
		}
		if err := d.checkChunk(); err != nil {
			return err
		}
	}
	line, err := d.line()
	if err != nil {
		return err
	}
	size, rest, _ := strings.Cut(line, ";")
	n, err := strconv.ParseInt(strings.TrimSpace(size), 16, 63)
	if err != nil || n < 0 {
		return ErrPayload
	}
	d.signature, _ = strings.CutPrefix(rest, "chunk-signature=")
	d.open, d.left, d.sum, d.last = true, n, sha256.New(), n == 0
	return nil
}

// checkChunk checks the signature of the chunk that was read.
func (d *decoder) checkChunk() error {
	if !d.signed {
		return nil
	}
	empty := sha256.Sum256(nil)
	return d.signs("AWS4-HMAC-SHA256-PAYLOAD", d.signature, empty[:], d.sum.Sum(nil))
}

func (d *decoder) signs(kind, signature string, parts ...[]byte) error {
	got, err := hex.DecodeString(signature)
	if err != nil || !equal(d.chain.next(kind, parts...), got) {
		return ErrPayload
	}
	d.chain.last = signature
	return nil
}

func (d *decoder) line() (string, error) {
	line, err := d.in.ReadSlice('\n')
	if err != nil || len(line) > maxHeader {
		return "", ErrPayload
	}
	return strings.TrimRight(string(line), "\r\n"), nil
}

// end reads what follows the data: the last chunk, then the trailers with the
// checksum of the whole.
func (d *decoder) end() error {
	if d.left > 0 {
		return ErrPayload
	}
	if err := d.nextChunk(); err != nil {
		return err
	}
	if !d.last {
		return ErrPayload // more than was announced
	}
	if err := d.checkChunk(); err != nil {
		return err
	}
	if !d.trailers {
		return nil
	}
	var signed bytes.Buffer
	said := map[string]string{}
	signature := ""
	for {
		line, err := d.line()
		if err != nil || line == "" {
			break // some clients leave the empty line out
		}
		name, value, ok := strings.Cut(line, ":")
		name = strings.ToLower(strings.TrimSpace(name))
		switch value = strings.TrimSpace(value); {
		case !ok:
			return ErrPayload
		case name == "x-amz-trailer-signature":
			signature = value
		default:
			fmt.Fprintf(&signed, "%s:%s\n", name, value)
			said[name] = value
		}
	}
	if d.signed {
		sum := sha256.Sum256(signed.Bytes())
		if err := d.signs("AWS4-HMAC-SHA256-TRAILER", signature, sum[:]); err != nil {
			return err
		}
	}
	return d.whole.check(said)
}

// sums are the checksums that trailers will tell, by name.
type sums map[string]hash.Hash

// nvme is the polynomial of CRC-64/NVME, reversed.
const nvme = 0x9a6c9329ac4bc9b5

// newSums makes the checksums that a header announces; those it does not know
// are not checked.
func newSums(announced string) sums {
	s := sums{}
	for name := range strings.SplitSeq(announced, ",") {
		switch name = strings.ToLower(strings.TrimSpace(name)); name {
		case "x-amz-checksum-crc32":
			s[name] = crc32.NewIEEE()
		case "x-amz-checksum-crc32c":
			s[name] = crc32.New(crc32.MakeTable(crc32.Castagnoli))
		case "x-amz-checksum-crc64nvme":
			s[name] = crc64.New(crc64.MakeTable(nvme))
		case "x-amz-checksum-sha1":
			s[name] = sha1.New()
		case "x-amz-checksum-sha256":
			s[name] = sha256.New()
		}
	}
	return s
}

func (s sums) Write(p []byte) {
	for _, h := range s {
		h.Write(p)
	}
}

func (s sums) check(said map[string]string) error {
	for name, h := range s {
		if said[name] != base64.StdEncoding.EncodeToString(h.Sum(nil)) {
			return ErrPayload
		}
	}
	return nil
}
