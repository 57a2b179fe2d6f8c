/* SPDX-License-Identifier: Apache-2.0 */
#include "positions/all_models.h"

#include "api/all_operations.h"
#include "client/operation.h"
#include "models/error.h"

#define MODELS_MAX 4096u

static const okta_descriptor *models[MODELS_MAX];
static size_t model_count;

static bool is_new(const okta_descriptor *model)
{
    for (size_t i = 0; i < model_count; i++) {
        if (models[i] == model) {
            return false;
        }
    }
    return true;
}

static void add(const okta_descriptor *model)
{
    if (model != NULL && model->form == OKTAI_FORM_MODEL && model_count < MODELS_MAX && is_new(model)) {
        models[model_count++] = model;
    }
}

static bool has_models(const oktai_row *row)
{
    return row->kind == OKTAI_KIND_OBJECT || row->kind == OKTAI_KIND_OBJECTS ||
           row->kind == OKTAI_KIND_MAP_OBJECTS;
}

static void add_models_inside(const okta_descriptor *model)
{
    add(model->item);
    for (size_t i = 0; i < model->row_count; i++) {
        if (has_models(&model->rows[i])) {
            add(model->rows[i].of.object);
        }
    }
    if ((model->flags & OKTAI_DESCRIPTOR_LINKS) != 0) {
        add(&oktai_link_model);
    }
}

const okta_descriptor *const *all_models(size_t *count)
{
    for (size_t i = 0; i < oktai_operation_count; i++) {
        add(oktai_operations[i]->request);
        add(oktai_operations[i]->response);
        if (oktai_operations[i]->paging != NULL) {
            add(oktai_operations[i]->paging->item);
        }
    }
    add(&oktai_error_body_model);
    for (size_t i = 0; i < model_count; i++) {
        add_models_inside(models[i]);
    }
    *count = model_count;
    return models;
}
