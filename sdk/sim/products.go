package sim

type ownership struct {
	Owner   *reference `json:"owner,omitempty"`
	Creator *reference `json:"creator,omitempty"`
}

func (c *call) showProduct(p *product) resourceOut {
	return resourceOut{
		Type: "product", ID: p.ID, Links: c.self("/products/" + p.ID),
		Attributes: struct {
			Name        string  `json:"name"`
			Description *string `json:"description"`
			Created     string  `json:"created_at"`
			Updated     string  `json:"updated_at"`
		}{p.Name, p.Description, formatTime(p.Created), formatTime(p.Updated)},
		Relationships: ownership{refTo("account", p.Owner), refTo("account", p.Creator)},
	}
}

// product finds one that the account has the wanted rights for.
func (c *call) product(id string, want rights) (*product, error) {
	p := c.st.products.get(id)
	if p == nil {
		return nil, notFound("product", id)
	}
	switch has := c.st.rights(c.me.ID, p.Owner); {
	case has == none:
		return nil, notFound("product", id)
	case has < want:
		return nil, readOnly("product")
	}
	return p, nil
}

func (c *call) listProducts() (*reply, error) {
	f, err := c.filters("owner.id")
	if err != nil {
		return nil, err
	}
	visible := c.visible()
	return list(c, c.st.products, func(p *product) bool {
		return f.allow("owner.id", p.Owner) && visible(p.Owner)
	}, c.showProduct)
}

// visible tells whose things the account sees. It remembers, for long lists.
func (c *call) visible() func(owner string) bool {
	known := map[string]bool{}
	return func(owner string) bool {
		v, seen := known[owner]
		if !seen {
			v = c.st.rights(c.me.ID, owner) >= read
			known[owner] = v
		}
		return v
	}
}

func (c *call) createProduct() (*reply, error) {
	in, err := c.resource("product")
	if err != nil {
		return nil, err
	}
	a := in.attributes()
	p := &product{Name: a.name(), Description: a.description(), Owner: c.me.ID, Creator: c.me.ID}
	if err := a.done(); err != nil {
		return nil, err
	}
	owner, err := in.relation("owner", "account")
	if err != nil {
		return nil, err
	}
	if owner != nil {
		p.Owner = owner.ID
		if owner.ID == "me" {
			p.Owner = c.me.ID
		}
		switch c.st.rights(c.me.ID, p.Owner) {
		case none:
			return nil, notFound("account", p.Owner)
		case read:
			return nil, readOnly("account")
		case write:
		}
	}
	if c.st.productNamed(p.Owner, p.Name) != nil {
		return nil, duplicate("Product")
	}
	p.ID = c.st.ids.unused("product", shapeUUID, c.st.products.has)
	p.Created = c.st.stamp(c.now)
	p.Updated = p.Created
	c.st.products.add(p.ID, p)
	return created(one(c.showProduct(p))), nil
}

func (st *state) productNamed(owner, name string) *product {
	for p := range st.products.all() {
		if p.Owner == owner && p.Name == name {
			return p
		}
	}
	return nil
}

func (c *call) getProduct() (*reply, error) {
	p, err := c.product(c.params[0], read)
	if err != nil {
		return nil, err
	}
	return ok(one(c.showProduct(p))), nil
}

func (c *call) updateProduct() (*reply, error) {
	p, err := c.product(c.params[0], write)
	if err != nil {
		return nil, err
	}
	in, err := c.resourceFor(p.ID, "product")
	if err != nil {
		return nil, err
	}
	a := in.attributes()
	name, _ := a.text("name", 1, maxName)
	description, described := a.text("description", 0, maxDescription)
	if err := a.done(); err != nil {
		return nil, err
	}
	if name != nil {
		if other := c.st.productNamed(p.Owner, *name); other != nil && other != p {
			return nil, duplicate("Product")
		}
		p.Name = *name
	}
	if described {
		p.Description = description
	}
	p.Updated = c.st.stamp(c.now)
	return ok(one(c.showProduct(p))), nil
}

// resourceFor reads a PATCH, whose id, if it has one, must be that of the path.
func (c *call) resourceFor(id string, types ...string) (*resourceIn, error) {
	in, err := c.resource(types...)
	if err != nil {
		return nil, err
	}
	if in.ID != "" && in.ID != id && in.ID != c.params[0] {
		return nil, conflict("Wrong Id", "The body is about %q, the path about %q.", in.ID, c.params[0])
	}
	return in, nil
}

func (c *call) deleteProduct() (*reply, error) {
	p, err := c.product(c.params[0], write)
	if err != nil {
		return nil, err
	}
	for g := range c.st.groups.all() {
		if g.Product == p.ID {
			return nil, conflict("Dependent Devicegroups Exist", "Cannot delete a product with associated devicegroups.")
		}
	}
	for d := range c.st.deployments.all() {
		if d.Product == p.ID {
			d.Product = ""
		}
	}
	c.st.products.remove(p.ID)
	return noContent(), nil
}
