package main

import (
	"cmp"
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/deploy"
)

// awsFlags are what all aws commands have.
type awsFlags struct {
	stack, region, profile, file string
	dry                          bool
	settings                     deploy.Settings
}

func newAWS(p *program) *cobra.Command {
	f := &awsFlags{}
	cmd := &cobra.Command{
		Use:   "aws",
		Short: "The same pipeline on AWS: S3, Bedrock Data Automation, HealthLake",
		Long: `Deploys Paperchart into your AWS account and works with it there. Credentials and
Region are found as the AWS CLI finds them: environment, profiles, SSO, roles.
With --dry-run nothing is changed.`,
		Example: `  paperchart aws cost --pages 5000
  paperchart aws init
  paperchart aws deploy --email it@clinic.example
  paperchart aws upload scan.pdf`,
		Args:              atMost(0),
		PersistentPreRunE: func(*cobra.Command, []string) error { return f.fill() },
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	flags := cmd.PersistentFlags()
	flags.StringVar(&f.file, "settings", deploy.SettingsFile, "file with what need not be told each time; init writes it")
	flags.StringVar(&f.stack, "stack", "", "name of the stack; buckets are named after it (default paperchart)")
	flags.StringVar(&f.region, "region", "", "AWS Region (default as the AWS CLI has it)")
	flags.StringVar(&f.profile, "profile", "", "profile of ~/.aws/config")
	flags.BoolVar(&f.dry, "dry-run", false, "say what would be done, and do nothing")
	cmd.AddCommand(newAWSInit(p, f), newAWSDeploy(p, f), newAWSStatus(p, f), newAWSUpload(p, f), newAWSJobs(p, f), newAWSResults(p, f), newAWSReview(p, f),
		newAWSQuery(p, f), newAWSCost(p), newAWSRedrive(p, f), newAWSDestroy(p, f))
	return cmd
}

// fill takes from the settings' file what was not given.
func (f *awsFlags) fill() (err error) {
	if f.settings, err = deploy.LoadSettings(f.file); err != nil {
		return usageError{err}
	}
	f.stack = cmp.Or(f.stack, f.settings.Stack, "paperchart")
	f.region = cmp.Or(f.region, f.settings.Region)
	f.profile = cmp.Or(f.profile, f.settings.Profile)
	return nil
}

// load finds Region and credentials; it calls nothing.
func (f *awsFlags) load(ctx context.Context) (aws.Config, error) {
	if err := deploy.CheckName(f.stack); err != nil {
		return aws.Config{}, usageError{err}
	}
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion(f.region), config.WithSharedConfigProfile(f.profile))
	if err != nil {
		return cfg, fmt.Errorf("load AWS settings: %w", err)
	}
	if cfg.Region == "" {
		return cfg, usagef("no AWS Region is set; name one with --region, for example us-west-2")
	}
	_, err = bda.ProfilePrefix(cfg.Region)
	return cfg, err
}

func objectsOf(cfg aws.Config) *s3.Client {
	return s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = cfg.BaseEndpoint != nil
		o.DisableLogOutputChecksumValidationSkipped = true
	})
}

// open is load, and asks AWS who is asking.
func (f *awsFlags) open(ctx context.Context, p *program) (*deploy.Stack, aws.Config, error) {
	cfg, err := f.load(ctx)
	if err != nil {
		return nil, cfg, err
	}
	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, nil)
	if err != nil {
		return nil, cfg, fmt.Errorf("ask AWS who you are: %w\nLog in first, for example with: aws sso login", err)
	}
	return &deploy.Stack{Name: f.stack, Account: aws.ToString(who.Account), Region: cfg.Region,
		Formation: cloudformation.NewFromConfig(cfg), Objects: objectsOf(cfg),
		Say: func(format string, args ...any) { fmt.Fprintf(p.out, format+"\n", args...) }}, cfg, nil
}

// outputs are those of the stack, which must be there.
func (f *awsFlags) outputs(ctx context.Context, p *program) (map[string]string, aws.Config, error) {
	stack, cfg, err := f.open(ctx, p)
	if err != nil {
		return nil, cfg, err
	}
	_, outputs, err := stack.Outputs(ctx)
	return outputs, cfg, err
}
