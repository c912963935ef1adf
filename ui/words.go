package ui

import (
	"encoding/json"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"deskwatch/assets"
)

// loadWords gives a language's words to Fyne. They go as a list of messages: as a plain map a
// key such as "Other" would be read as a plural form.
func loadWords(language string) error {
	words, err := assets.Translations(language)
	if err != nil {
		return err
	}
	type message struct {
		ID    string `json:"id"`
		Other string `json:"other"`
	}
	list := make([]message, 0, len(words))
	for k, v := range words {
		list = append(list, message{k, v})
	}
	b, err := json.Marshal(list)
	if err != nil {
		return err
	}
	return lang.AddTranslations(fyne.NewStaticResource(language+".json", b))
}
