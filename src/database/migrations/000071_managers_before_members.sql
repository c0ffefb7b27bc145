-- Owns: when it is checked that a department's manager is a member: at commit, so that departments and their people can be written in either order.
alter table weir.departments alter constraint departments_manager_is_member deferrable initially deferred;
