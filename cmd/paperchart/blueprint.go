package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/blueprint"
)

func newBlueprint(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "blueprint",
		Short: "The fields that are read: show, check, begin your own",
		Long: `A blueprint is the schema of what is read, in the format of Amazon Bedrock Data
Automation. To have another field read, take the built-in one, add a property with
a type and an instruction that ends in "Labels: …", and name the file with
--blueprint.`,
		Example: `  paperchart blueprint show > mine.json
  paperchart blueprint check mine.json
  paperchart digitize chart.pdf --blueprint mine.json`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return usagef("say what to do: show, fields or check") },
	}
	cmd.AddCommand(
		&cobra.Command{Use: "show", Short: "Print the built-in blueprint", Args: atMost(0), RunE: func(*cobra.Command, []string) error {
			_, err := p.out.Write(blueprint.JSON())
			return err
		}},
		newBlueprintFields(p),
		&cobra.Command{Use: "check FILE…", Short: "Say what is wrong with a blueprint",
			Example: "  paperchart blueprint check mine.json", Args: atLeast(1, "a blueprint"),
			RunE: func(_ *cobra.Command, args []string) error { return p.runBlueprintCheck(args) }},
	)
	return cmd
}

func newBlueprintFields(p *program) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "fields [FILE]", Short: "List the fields of a blueprint", Args: atMost(1),
		RunE: func(_ *cobra.Command, args []string) error {
			b := blueprint.Default()
			if len(args) == 1 {
				data, err := os.ReadFile(args[0])
				if err != nil {
					return fmt.Errorf("read blueprint: %w", err)
				}
				if b, err = blueprint.Parse(data); err != nil {
					return err
				}
			}
			if asJSON {
				return p.printJSON(fieldList(b))
			}
			p.printFields(fieldList(b))
			return nil
		}}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// listed is a leaf field as it is listed.
type listed struct {
	Name   string   `json:"name"`
	Type   string   `json:"type"`
	Labels []string `json:"labels"`
}

func fieldList(b *blueprint.Blueprint) (all []listed) {
	add := func(prefix string, fields []blueprint.Field) {
		for _, f := range fields {
			all = append(all, listed{prefix + f.Name, f.Type, f.Labels()})
		}
	}
	add("", b.Fields)
	for _, g := range b.Groups {
		add(g.Name+".", g.Fields)
	}
	for _, t := range b.Tables {
		add(t.Name+".", t.Columns)
	}
	return all
}

func (p *program) printFields(all []listed) {
	rows := [][]string{{"FIELD", "TYPE", "LABELS"}}
	for _, f := range all {
		rows = append(rows, []string{f.Name, f.Type, strings.Join(f.Labels[1:], ", ")})
	}
	var b strings.Builder
	table(&b, rows, 1<<20)
	fmt.Fprintf(&b, "\n%d fields\n", len(all))
	fmt.Fprint(p.out, b.String())
}

func (p *program) runBlueprintCheck(files []string) error {
	failed := false
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("read blueprint: %w", err)
		}
		wrong := blueprint.Check(data)
		for _, w := range wrong {
			fmt.Fprintf(p.err, "%s: %s\n", file, w)
		}
		if len(wrong) > 0 {
			failed = true
			continue
		}
		b, err := blueprint.Parse(data)
		if err != nil {
			return err
		}
		all, list := b.Leaves()
		fmt.Fprintf(p.out, "%s: good, %d fields, %d of them in %d tables\n", file, all, list, len(b.Tables))
	}
	if failed {
		return errFailed
	}
	return nil
}
