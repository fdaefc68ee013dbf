package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/bda"
)

func newAWSUpload(p *program, f *awsFlags) *cobra.Command {
	var again bool
	cmd := &cobra.Command{Use: "upload FILE...", Short: "Put scans into the input bucket", Args: atLeast(1, "files"), Example: "  paperchart aws upload scan.pdf",
		Long: `Puts scans into the input bucket and says which document each will be. A file that
was read before is left out: reading costs by the page.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, name := range args {
				if !bda.Readable(name) {
					return usagef("%s is no file that Bedrock Data Automation reads: PDF, TIFF, JPEG, PNG, DOCX", name)
				}
			}
			if f.dry {
				fmt.Fprintf(p.out, "Would put %d files into the input bucket of stack %s. Nothing was done.\n", len(args), f.stack)
				return nil
			}
			outputs, cfg, err := f.outputs(cmd.Context(), p)
			if err != nil {
				return err
			}
			u := &awsUpload{p, objectsOf(cfg), outputs["InputBucket"], outputs["OutputBucket"], again}
			for _, name := range args {
				if err := u.put(cmd.Context(), name); err != nil {
					return err
				}
			}
			return nil
		}}
	cmd.Flags().BoolVar(&again, "again", false, "upload what was read before too")
	return cmd
}

// awsUpload puts files into a stack's bucket.
type awsUpload struct {
	p         *program
	s3        *s3.Client
	in, out   string
	evenAgain bool
}

func (u *awsUpload) put(ctx context.Context, name string) error {
	in, err := os.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	if info, err := in.Stat(); err != nil || info.Size() > bda.MaxSize {
		return fmt.Errorf("%s is larger than %d MB, which Bedrock Data Automation does not take; split it", name, bda.MaxSize>>20)
	}
	document, err := documentOf(in)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if !u.evenAgain && u.known(ctx, document) {
		fmt.Fprintf(u.p.out, "%s was read before, as document %s; it was not uploaded (--again does)\n", name, document)
		return nil
	}
	if _, err := u.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(u.in), Key: aws.String(filepath.Base(name)), Body: in}); err != nil {
		return fmt.Errorf("upload: %w", err)
	}
	fmt.Fprintf(u.p.out, "%s is uploaded; it will be document %s\n", name, document)
	return nil
}

// documentOf is the document's name, which is its hash's beginning (see
// cloud.Processor). It leaves the file at its beginning.
func documentOf(in io.ReadSeeker) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, in); err != nil {
		return "", err
	}
	_, err := in.Seek(0, io.SeekStart)
	return hex.EncodeToString(h.Sum(nil))[:16], err
}

// known reports whether a document's FHIR is there. Who may not look uploads.
func (u *awsUpload) known(ctx context.Context, document string) bool {
	_, err := u.s3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(u.out), Key: aws.String("fhir/" + document + "/bundle.json")})
	return err == nil
}
