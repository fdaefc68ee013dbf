package main

import "fmt"

// These put a row's cells into markup; i numbers the row within its table.

func dx(i int, name string) string  { return fmt.Sprintf("{conditions.%d.condition_name|%s}", i, name) }
func icd(i int, code string) string { return fmt.Sprintf("{conditions.%d.icd10_code|%s}", i, code) }

func med(i int, name string) string {
	return fmt.Sprintf("{medications.%d.medication_name|%s}", i, name)
}

// col is any cell, as printed.
func col(table string, i int, column, text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf("{%s.%d.%s|%s}", table, i, column, text)
}

// norm is a cell whose normalised value differs from its print.
func norm(table string, i int, column, value, text string) string {
	return fmt.Sprintf("{%s.%d.%s=%s|%s}", table, i, column, value, text)
}

// lab is a row of test, value, flag, unit and range, blank ones left out.
func lab(i int, test, value, flag, unit, ref string) []string {
	c := func(column, text string) string { return col("lab_results", i, column, text) }
	return []string{c("test_name", test), c("result_value", value), c("abnormal_flag", flag),
		c("unit", unit), c("reference_range", ref)}
}

// pick reorders a row's cells.
func pick(row []string, order ...int) []string {
	out := make([]string, len(order))
	for i, o := range order {
		out[i] = row[o]
	}
	return out
}
