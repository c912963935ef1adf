package app

import (
	"context"
	"time"

	"deskwatch/core"
	"deskwatch/core/auth"
)

// vaultWait is how long the vault may take over the signing key; a program waits for the answer.
const vaultWait = 5 * time.Second

// tokenKey is the key signed tokens are signed with; it is made on first use. Where the vault
// does not answer a key of this process serves: its tokens end with it, and that is all.
func (a *App) tokenKey(ctx context.Context) (core.Secret, error) {
	if err := ctx.Err(); err != nil {
		return core.Secret{}, err
	}
	// Not the asker's context: their going away says nothing of the vault.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), vaultWait)
	defer cancel()
	key, ok, err := a.vault.Get(ctx, core.SecretTokenKey)
	if ok && err == nil {
		return key, nil
	}
	if err == nil {
		key = auth.NewKey()
		if err = a.vault.Set(ctx, core.SecretTokenKey, key); err == nil {
			// Another process may have made one in the same moment: the last one stays.
			if last, ok, failed := a.vault.Get(ctx, core.SecretTokenKey); ok && failed == nil {
				key = last
			}
			a.log.Info("a key to sign tokens with was made")
			return key, nil
		}
	}
	a.log.Warn("the key that tokens are signed with cannot be read or kept; one of this process serves until it ends, and its tokens with it", "err", err)
	return auth.NewKey(), nil
}
