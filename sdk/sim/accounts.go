package sim

// maxLoginKeys is per account.
const maxLoginKeys = 10

// sees: one sees oneself, those who share with one, and those one shares with.
func (c *call) sees(a *account) bool { return a.ID == c.me.ID || shares(a, c.me) }

func (c *call) showAccount(a *account) resourceOut {
	return resourceOut{
		Type: "account", ID: a.ID, Links: c.self("/accounts/" + a.ID),
		Attributes: struct {
			Username string `json:"username"`
			Email    string `json:"email"`
		}{a.Username, a.Email},
	}
}

func (c *call) listAccounts() (*reply, error) {
	if _, err := c.filters(); err != nil {
		return nil, err
	}
	return list(c, c.st.accounts, c.sees, c.showAccount)
}

func (c *call) getAccount() (*reply, error) {
	a := c.me
	if id := c.params[0]; id != "me" {
		if a = c.st.accounts.get(id); a == nil || !c.sees(a) {
			return nil, notFound("account", id)
		}
	}
	return ok(one(c.showAccount(a))), nil
}

func (c *call) showLoginKey(k *loginKey) resourceOut {
	return resourceOut{
		Type: "login_key", ID: k.ID, Links: c.self("/accounts/me/login_keys/" + k.ID),
		Attributes: struct {
			Description *string `json:"description"`
			Usages      int     `json:"usages"`
		}{k.Description, k.Usages},
	}
}

func (c *call) myKey(k *loginKey) bool { return k.Account == c.me.ID }

func (c *call) listLoginKeys() (*reply, error) {
	if _, err := c.filters(); err != nil {
		return nil, err
	}
	return list(c, c.st.loginKeys, c.myKey, c.showLoginKey)
}

func (c *call) loginKey() (*loginKey, error) {
	k := c.st.loginKeys.get(c.params[0])
	if k == nil || !c.myKey(k) {
		return nil, notFound("login key", c.params[0])
	}
	return k, nil
}

func (c *call) createLoginKey() (*reply, error) {
	if err := c.checkPassword(); err != nil {
		return nil, err
	}
	in, err := c.resource("login_key")
	if err != nil {
		return nil, err
	}
	a := in.attributes()
	k := &loginKey{Account: c.me.ID, Description: a.description()}
	if err := a.done(); err != nil {
		return nil, err
	}
	if len(c.st.loginKeys.where(c.myKey)) >= maxLoginKeys {
		return nil, conflict("Too Many Login Keys", "An account may have %d login keys.", maxLoginKeys)
	}
	k.ID = c.st.ids.unused("login_key", shapeHex16, c.st.loginKeys.has)
	c.st.loginKeys.add(k.ID, k)
	return created(one(c.showLoginKey(k))), nil
}

func (c *call) getLoginKey() (*reply, error) {
	k, err := c.loginKey()
	if err != nil {
		return nil, err
	}
	return ok(one(c.showLoginKey(k))), nil
}

func (c *call) updateLoginKey() (*reply, error) {
	if err := c.checkPassword(); err != nil {
		return nil, err
	}
	k, err := c.loginKey()
	if err != nil {
		return nil, err
	}
	in, err := c.resourceFor(k.ID, "login_key")
	if err != nil {
		return nil, err
	}
	a := in.attributes()
	description, given := a.text("description", 0, maxDescription)
	if err := a.done(); err != nil {
		return nil, err
	}
	if given {
		k.Description = description
	}
	return ok(one(c.showLoginKey(k))), nil
}

func (c *call) deleteLoginKey() (*reply, error) {
	if err := c.checkPassword(); err != nil {
		return nil, err
	}
	k, err := c.loginKey()
	if err != nil {
		return nil, err
	}
	c.st.loginKeys.remove(k.ID)
	return noContent(), nil
}
