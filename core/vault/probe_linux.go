package vault

import ss "github.com/zalando/go-keyring/secret_service"

// probeService opens and closes a session with the Secret Service, which needs no unlocking.
func probeService() error {
	svc, err := ss.NewSecretService()
	if err != nil {
		return err
	}
	session, err := svc.OpenSession()
	if err != nil {
		return err
	}
	return svc.Close(session)
}
