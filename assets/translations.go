package assets

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
)

//go:embed translations
var translations embed.FS

// Translations returns the window's words in the given language ("es"), by the English
// sentence. Every tab has a file of its own; a sentence that two files translate is an error.
func Translations(language string) (map[string]string, error) {
	dir := path.Join("translations", language)
	files, err := translations.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	all, from := map[string]string{}, map[string]string{}
	for _, f := range files {
		b, err := translations.ReadFile(path.Join(dir, f.Name()))
		if err != nil {
			return nil, err
		}
		var words map[string]string
		if err := json.Unmarshal(b, &words); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		for k, v := range words {
			if from[k] != "" {
				return nil, fmt.Errorf("%q is in %s and in %s", k, from[k], f.Name())
			}
			all[k], from[k] = v, f.Name()
		}
	}
	return all, nil
}
