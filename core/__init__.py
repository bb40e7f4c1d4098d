"""The business; imports neither streamlit nor imap_tools nor yagmail."""
