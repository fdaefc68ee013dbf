package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/blueprint"
)

func newBlueprint(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "blueprint",
		Short: "The fields that are read: list, show, check, begin your own",
		Long: `A blueprint is the schema of what is read, in the format of Amazon Bedrock Data
Automation. Every document is read with the medical record's, but for one whose
class (insurance card, prescription, referral) has its own: a title tells the class,
or what stands on the card or slip.

To have another field read, begin a blueprint with "new", add properties with a type
and an instruction that ends in "Labels: …", and name the file with --blueprint (for
every document) or --blueprints (for documents of its class).`,
		Example: `  paperchart blueprint list
  paperchart blueprint new "Consent Form" --field "interpreter: Interpreter, Interpreter Name" > consent.json
  paperchart blueprint check consent.json
  paperchart digitize consent.pdf --blueprints consent.json`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return usagef("say what to do: list, show, fields, new or check")
		},
	}
	cmd.AddCommand(
		newBlueprintList(p),
		&cobra.Command{Use: "show [NAME]", Short: "Print a built-in blueprint (default medical-record)", Args: atMost(1),
			ValidArgs: blueprint.Names(),
			RunE: func(_ *cobra.Command, args []string) error {
				data, err := blueprint.Source(append(args, blueprint.Names()[0])[0])
				if err != nil {
					return usagef("%v", err)
				}
				_, err = p.out.Write(data)
				return err
			}},
		newBlueprintFields(p),
		newBlueprintNew(p),
		&cobra.Command{Use: "check FILE…", Short: "Say what is wrong with a blueprint",
			Example: "  paperchart blueprint check mine.json", Args: atLeast(1, "a blueprint"),
			RunE: func(_ *cobra.Command, args []string) error { return p.runBlueprintCheck(args) }},
	)
	return cmd
}

func newBlueprintList(p *program) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "list", Short: "List the built-in blueprints", Args: atMost(0),
		RunE: func(*cobra.Command, []string) error { return p.listBlueprints(asJSON) }}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (p *program) listBlueprints(asJSON bool) error {
	type row struct {
		Name        string `json:"name"`
		Class       string `json:"class"`
		Fields      int    `json:"fields"`
		Description string `json:"description"`
	}
	var all []row
	for _, name := range blueprint.Names() {
		b, err := namedBlueprint(name)
		if err != nil {
			return err
		}
		n, _ := b.Leaves()
		all = append(all, row{name, b.Class, n, b.Description})
	}
	if asJSON {
		return p.printJSON(all)
	}
	rows := [][]string{{"NAME", "CLASS", "FIELDS", "WHAT IT IS FOR"}}
	for _, r := range all {
		rows = append(rows, []string{r.Name, r.Class, strconv.Itoa(r.Fields), r.Description})
	}
	var b strings.Builder
	table(&b, rows, 1<<20)
	fmt.Fprint(p.out, b.String())
	return nil
}

// namedBlueprint is one that ships, by its name, or that of a file.
func namedBlueprint(name string) (*blueprint.Blueprint, error) {
	if slices.Contains(blueprint.Names(), name) {
		data, err := blueprint.Source(name)
		if err != nil {
			return nil, err
		}
		return blueprint.Parse(data)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read blueprint: %w; the built-in ones are %s", err, strings.Join(blueprint.Names(), ", "))
	}
	return blueprint.Parse(data)
}

func newBlueprintFields(p *program) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{Use: "fields [NAME|FILE]", Short: "List the fields of a blueprint (default medical-record)", Args: atMost(1),
		RunE: func(_ *cobra.Command, args []string) error {
			b, err := namedBlueprint(append(args, blueprint.Names()[0])[0])
			if err != nil {
				return err
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

func newBlueprintNew(p *program) *cobra.Command {
	var fields []string
	var bare bool
	cmd := &cobra.Command{Use: "new CLASS", Short: "Begin a blueprint for documents of a class",
		Long: `Prints a blueprint with the medical record's fields and yours. CLASS is what the
documents' title says, such as "Consent Form". A field is a name in small letters and
underscores, a colon, and the labels that stand before it on paper.`,
		Example: `  paperchart blueprint new "Consent Form" --field "interpreter: Interpreter, Interpreter Name" > consent.json
  paperchart blueprint new "Sleep Diary" --bare --field "hours_slept number: Hours Slept, Hours" > diary.json`,
		Args: exactly(1, "a class"),
		RunE: func(_ *cobra.Command, args []string) error {
			data, err := blueprint.New(args[0], fields, bare)
			if err != nil {
				return usagef("%v", err)
			}
			_, err = p.out.Write(data)
			return err
		}}
	cmd.Flags().StringArrayVar(&fields, "field", nil, `a field: "name: Label, Other Label", or "name number: …", "name boolean: …"`)
	cmd.Flags().BoolVar(&bare, "bare", false, "of the medical record's fields take the patient's only")
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
