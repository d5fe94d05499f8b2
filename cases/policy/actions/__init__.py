"""Everything that can happen to a version of policy, one function each."""

from cases.policy.actions.approving import (
    approve_policy,
    draft_policy,
    drop_policy,
    edit_policy,
    propose_policy,
    return_policy,
)

__all__ = ["approve_policy", "draft_policy", "drop_policy", "edit_policy", "propose_policy", "return_policy"]
