package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"deskwatch/core"
	"deskwatch/core/predict"
)

const (
	// modelName is the file of the model in force, in the data folder, and unfinishedModel what one is
	// called while it is written.
	modelName       = "prediction.model"
	unfinishedModel = ".prediction-*"
	// maxModelBytes bounds what is read of it.
	maxModelBytes = 256 << 20
)

// modelFile is the model's file as it was read last.
type modelFile struct {
	size     int64
	changed  time.Time
	checksum string
	model    *predict.Model // nil: there is none, or err says why it cannot be used
	err      error
}

// deskSchema is what a desk's tickets have beyond the well-known fields: nothing. What the orders
// say of a customer is known for today only, and a model must not learn from what was not known yet;
// it stays with the stated rules.
func deskSchema() predict.Schema { return predict.Schema{} }

// model is the model on this data folder; nil without an error there is none. The file is read
// again when it has changed: another process may have trained.
func (a *App) model() (*predict.Model, string, error) {
	a.predicting.now.Lock()
	defer a.predicting.now.Unlock()
	f := &a.predicting.file
	info, err := os.Stat(a.modelPath())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		*f = modelFile{}
		return nil, "", nil
	case err != nil:
		*f = modelFile{err: modelUnreadable(err)}
	case info.Size() != f.size || !info.ModTime().Equal(f.changed):
		*f = modelFile{size: info.Size(), changed: info.ModTime()}
		if f.model, f.checksum, f.err = readModel(a.modelPath()); f.err != nil {
			a.log.Error("the model cannot be used; the stated rules predict", "err", f.err)
		}
	}
	return f.model, f.checksum, f.err
}

func (a *App) modelPath() string { return filepath.Join(a.dataDir, modelName) }

func readModel(path string) (*predict.Model, string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, "", modelUnreadable(err)
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, maxModelBytes))
	if err != nil {
		return nil, "", modelUnreadable(err)
	}
	m, err := predict.ReadModel(bytes.NewReader(b))
	if err == nil && !sameSchema(m.Schema(), deskSchema()) {
		err = errors.New("of another schema")
	}
	if err != nil {
		return nil, "", modelUnreadable(err)
	}
	return m, checksumOf(b), nil
}

func sameSchema(a, b predict.Schema) bool {
	return slices.Equal(a.Words, b.Words) && slices.Equal(a.Numbers, b.Numbers)
}

func modelUnreadable(cause error) error {
	return core.NewError(core.CodeInvalid, "app.model", fmt.Sprintf(
		"The file of the model, %s, is damaged or of another version of Deskwatch. The stated rules predict meanwhile; train a model again.", modelName), cause)
}

// modelBytes are what the file of a model holds, and their checksum.
func modelBytes(m *predict.Model) (b []byte, checksum string, err error) {
	var text bytes.Buffer
	if err := m.Write(&text); err != nil {
		return nil, "", err
	}
	return text.Bytes(), checksumOf(text.Bytes()), nil
}

func checksumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// writeModel puts a model in force: the file appears whole or not at all. Only who trains does so.
func (a *App) writeModel(b []byte) error {
	a.removeUnfinished()
	out, err := os.CreateTemp(a.dataDir, unfinishedModel)
	if err != nil {
		return modelNotKept(err)
	}
	defer os.Remove(out.Name()) // gone already once it is renamed
	_, err = out.Write(b)
	if err = errors.Join(err, out.Sync(), out.Close()); err == nil {
		err = os.Rename(out.Name(), a.modelPath())
	}
	if err == nil {
		err = syncFolder(a.dataDir)
	}
	if err != nil {
		return modelNotKept(err)
	}
	return nil
}

// removeUnfinished removes what a process that was killed while it wrote a model left behind.
func (a *App) removeUnfinished() {
	entries, err := os.ReadDir(a.dataDir)
	for _, e := range entries {
		if unfinished, _ := filepath.Match(unfinishedModel, e.Name()); unfinished {
			err = errors.Join(err, os.Remove(filepath.Join(a.dataDir, e.Name())))
		}
	}
	if err != nil {
		a.log.Warn("an unfinished model of an earlier training stays in the data folder", "err", err)
	}
}

// removeModel takes the model out of force.
func (a *App) removeModel() error {
	if err := os.Remove(a.modelPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return core.NewError(core.CodeUnavailable, "app.model", "The old model could not be removed from the data folder, and predicts on. Allow Deskwatch to write there, and train again.", err)
	}
	return nil
}

func modelNotKept(cause error) error {
	return core.NewError(core.CodeUnavailable, "app.model", "The new model could not be written to the data folder. What predicted before goes on. Make room on the disk, or allow Deskwatch to write there, and train again.", cause)
}
