/**
 * Form fields that post under `name` and keep what was typed in their own state. `error` is the translated sentence (`useFieldError`), shown
 * in red under the field until the form is sent again. A form that is reset mounts its fields anew (`SaveForm`).
 */
import { BlockStack, Checkbox, ChoiceList, InlineError, Select, TextField } from "@shopify/polaris";
import type { SelectProps, TextFieldProps } from "@shopify/polaris";
import { useId, useState } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

type Common = {
  name: string;
  label: string;
  help?: ReactNode;
  error?: string | undefined;
  disabled?: boolean;
};

type TextInputProps = Common & {
  defaultValue?: string;
  type?: TextFieldProps["type"];
  /** Rows to start with. */
  multiline?: number;
  maxLength?: number;
  showCount?: boolean;
  placeholder?: string;
  autoComplete?: string;
  prefix?: string;
  suffix?: string;
  required?: boolean;
  labelHidden?: boolean;
  autoFocus?: boolean;
  min?: string;
  max?: string;
  /** Under the label, at its right: a plain button such as "Now". */
  labelAction?: TextFieldProps["labelAction"];
  connectedRight?: ReactNode;
  /** Told at every change, for live previews. */
  onChange?: (value: string) => void;
};

export function TextInput({
  defaultValue = "",
  help,
  error,
  required = false,
  autoComplete = "off",
  showCount = false,
  onChange,
  ...field
}: TextInputProps) {
  const [value, setValue] = useState(defaultValue);
  return (
    <TextField
      {...field}
      value={value}
      onChange={(next) => {
        setValue(next);
        onChange?.(next);
      }}
      helpText={help}
      error={error ?? false}
      requiredIndicator={required}
      autoComplete={autoComplete}
      showCharacterCount={showCount}
    />
  );
}

type DateTimeInputProps = Common & {
  /** `YYYY-MM-DDTHH:mm` in `zone`. */
  defaultValue?: string;
  /** IANA zone of what is typed; shown under the field. */
  zone: string;
  /** The present in `zone`, for a button that puts it in. */
  now?: string;
  required?: boolean;
  onChange?: (value: string) => void;
};

/** A local date and time. The zone stands under the field, because a time without one is half an answer. */
export function DateTimeInput({
  defaultValue = "",
  zone,
  now,
  help,
  error,
  required = false,
  onChange,
  ...field
}: DateTimeInputProps) {
  const { t } = useTranslation();
  const [value, setValue] = useState(defaultValue);
  const change = (next: string) => {
    setValue(next);
    onChange?.(next);
  };
  return (
    <TextField
      {...field}
      type="datetime-local"
      value={value}
      onChange={change}
      helpText={
        <>
          {t("field.inZone", { zone })} {help}
        </>
      }
      error={error ?? false}
      requiredIndicator={required}
      autoComplete="off"
      {...(now === undefined
        ? {}
        : { labelAction: { content: t("field.now"), onAction: () => change(now) } })}
    />
  );
}

type Option = { value: string; label: string; help?: ReactNode };

type SelectInputProps = Common & {
  options: Option[] | SelectProps["options"];
  defaultValue?: string;
  required?: boolean;
  onChange?: (value: string) => void;
};

export function SelectInput({
  defaultValue,
  options,
  help,
  error,
  required = false,
  onChange,
  ...field
}: SelectInputProps) {
  const [value, setValue] = useState(defaultValue);
  return (
    <Select
      {...field}
      options={options as SelectProps["options"]}
      value={value}
      onChange={(next) => {
        setValue(next);
        onChange?.(next);
      }}
      helpText={help}
      error={error ?? false}
      requiredIndicator={required}
    />
  );
}

type RadioInputProps = Common & {
  options: Option[];
  defaultValue: string;
  labelHidden?: boolean;
  onChange?: (value: string) => void;
};

/** One of a few, each with its own line of explanation. */
export function RadioInput({
  name,
  label,
  labelHidden,
  options,
  defaultValue,
  error,
  disabled,
  onChange,
}: RadioInputProps) {
  const [value, setValue] = useState(defaultValue);
  return (
    <ChoiceList
      name={name}
      title={label}
      {...(labelHidden === undefined ? {} : { titleHidden: labelHidden })}
      choices={options.map((option) => ({ value: option.value, label: option.label, helpText: option.help }))}
      selected={[value]}
      onChange={([next]) => {
        if (next === undefined) return;
        setValue(next);
        onChange?.(next);
      }}
      {...(error === undefined ? {} : { error })}
      {...(disabled === undefined ? {} : { disabled })}
    />
  );
}

type CheckboxInputProps = Common & {
  value?: string;
  defaultChecked?: boolean;
  onChange?: (checked: boolean) => void;
};

/** Posts `value` (normally "yes") when checked, and nothing when not. */
export function CheckboxInput({
  value = "yes",
  defaultChecked = false,
  help,
  error,
  onChange,
  ...field
}: CheckboxInputProps) {
  const [checked, setChecked] = useState(defaultChecked);
  return (
    <Checkbox
      {...field}
      value={value}
      checked={checked}
      onChange={(next) => {
        setChecked(next);
        onChange?.(next);
      }}
      helpText={help}
      error={error ?? false}
    />
  );
}

type CheckboxGroupProps = {
  /** Ends in `[]`, so that `parseForm` makes an array of it. */
  name: `${string}[]`;
  label: string;
  labelHidden?: boolean;
  help?: ReactNode;
  error?: string | undefined;
  options: Option[];
  defaultValues?: string[];
  disabled?: boolean;
  onChange?: (values: string[]) => void;
};

/** Any number of several. */
export function CheckboxGroup({
  name,
  label,
  labelHidden = false,
  help,
  error,
  options,
  defaultValues = [],
  disabled = false,
  onChange,
}: CheckboxGroupProps) {
  const id = useId();
  const [values, setValues] = useState(defaultValues);
  const toggle = (value: string, checked: boolean) => {
    const next = checked ? [...values, value] : values.filter((each) => each !== value);
    setValues(next);
    onChange?.(next);
  };
  return (
    <fieldset
      style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}
      aria-describedby={error === undefined ? undefined : `${id}-error`}
    >
      <BlockStack gap="050">
        <legend
          className={labelHidden ? "Polaris-Text--visuallyHidden" : "Polaris-Text--root Polaris-Text--bodyMd"}
          style={{ padding: 0 }}
        >
          {label}
        </legend>
        {help}
        {options.map((option) => (
          <Checkbox
            key={option.value}
            name={name}
            value={option.value}
            label={option.label}
            helpText={option.help}
            disabled={disabled}
            checked={values.includes(option.value)}
            onChange={(checked) => toggle(option.value, checked)}
          />
        ))}
        {error !== undefined && (
          <div id={`${id}-error`}>
            <InlineError message={error} fieldID={id} />
          </div>
        )}
      </BlockStack>
    </fieldset>
  );
}
