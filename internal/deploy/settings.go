package deploy

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// SettingsFile is where `paperchart aws init` writes and the other commands look.
const SettingsFile = "paperchart-aws.yaml"

// Settings are what the commands need not be told each time. They hold no
// credentials: these are the AWS SDK's business.
type Settings struct {
	Stack   string `yaml:"stack"`
	Region  string `yaml:"region"`
	Profile string `yaml:"profile,omitempty"`
	Email   string `yaml:"email,omitempty"`
	// Parameters are the template's.
	Parameters map[string]string `yaml:"parameters,omitempty"`
}

// LoadSettings reads a file; without it they are empty.
func LoadSettings(file string) (Settings, error) {
	var s Settings
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("read settings: %w", err)
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&s); err != nil {
		return s, fmt.Errorf("read settings %s: %w", filepath.Base(file), err)
	}
	return s, nil
}

// Text is the file's content.
func (s Settings) Text() ([]byte, error) {
	data, err := yaml.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write settings: %w", err)
	}
	return append([]byte("# Made by: paperchart aws init. Flags win over this file. It holds no secrets.\n"), data...), nil
}

// Save writes the file, whole or not at all.
func (s Settings) Save(file string) error {
	data, err := s.Text()
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".paperchart-aws-*")
	if err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err = errors.Join(err, tmp.Sync(), tmp.Chmod(0o644), tmp.Close()); err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	if err := os.Rename(tmp.Name(), file); err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	return nil
}
