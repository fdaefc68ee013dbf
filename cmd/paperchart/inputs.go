package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// input is a file to read.
type input struct {
	path string
	// out is the name of the folder its output goes into, one for each file.
	out string
}

// documentTypes are the endings by which files are picked from a folder. A file
// that is named is read whatever it is called.
var documentTypes = []string{".pdf", ".tif", ".tiff", ".png", ".jpg", ".jpeg"}

// inputs lists the files that were named and those in folders that were named,
// in order and once each. What is not there is reported and makes failed true.
func (p *program) inputs(args []string) (files []input, failed bool) {
	seen := map[string]bool{}
	for _, arg := range args {
		found, err := expandFolder(arg, documentTypes)
		if err != nil {
			fmt.Fprintf(p.err, "%s: %s\n", arg, err)
			failed = true
		}
		for _, path := range found {
			if key, err := filepath.Abs(path); err == nil && !seen[key] {
				seen[key] = true
				files = append(files, input{path: path})
			}
		}
	}
	nameOutputs(files)
	return files, failed
}

// expandFolder is the file that is named, or the files of a folder that have one
// of the endings.
func expandFolder(arg string, endings []string) ([]string, error) {
	info, err := os.Stat(arg)
	if os.IsNotExist(err) {
		return nil, fmt.Errorf("there is no such file or folder")
	}
	if err != nil {
		return nil, fmt.Errorf("it can't be read: check its permissions")
	}
	if !info.IsDir() {
		return []string{arg}, nil
	}
	var found []string
	err = filepath.WalkDir(arg, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.Type().IsRegular() && hasEnding(path, endings) {
			found = append(found, path)
		}
		return nil
	})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("the folder holds no %s", strings.Join(endings, ", "))
	}
	return found, err
}

func hasEnding(path string, endings []string) bool {
	return slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(strings.ToLower(path), e) })
}

// nameOutputs names each output folder after its file: without the ending where
// that is unique, else with it, else with a number too.
func nameOutputs(files []input) {
	short := map[string]int{}
	for _, f := range files {
		short[strings.ToLower(stem(f.path))]++
	}
	taken := map[string]bool{}
	for i := range files {
		name := stem(files[i].path)
		if short[strings.ToLower(name)] > 1 {
			name = filepath.Base(files[i].path)
		}
		unique := name
		for n := 2; taken[strings.ToLower(unique)]; n++ {
			unique = fmt.Sprintf("%s-%d", name, n)
		}
		taken[strings.ToLower(unique)] = true
		files[i].out = unique
	}
}

func stem(path string) string {
	base := filepath.Base(path)
	if s := strings.TrimSuffix(base, filepath.Ext(base)); s != "" {
		return s
	}
	return base
}
